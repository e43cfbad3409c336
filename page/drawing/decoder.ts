import type { Cutout } from "../compare/read-cutout.ts";
import type { PixelImage } from "./pixels.ts";

/** Message to the decoding worker. */
export interface DecodeRequest {
  readonly job: number;
  readonly kind: "tile" | "cutout";
  readonly bytes: ArrayBuffer;
}

/** Message from the worker: one of the three. */
export interface DecodeReply {
  readonly job: number;
  readonly tile?: PixelImage;
  readonly cutout?: Cutout;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (reply: DecodeReply) => void;
  readonly reject: (error: Error) => void;
}

/** Decodes tiles and cutouts in a worker. */
export class Decoder {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #fault: Error | undefined;

  constructor(url: string) {
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<DecodeReply>) => {
      const waiting = this.#waiting.get(data.job);
      this.#waiting.delete(data.job);
      if (data.error === undefined) waiting?.resolve(data);
      else waiting?.reject(new Error(data.error));
    };
    this.#worker.onerror = ({ message }) => {
      // there is no message if the script itself cannot be loaded
      this.#stop(new Error(`the decoder stopped: ${message || "its script cannot be loaded"}`));
    };
  }

  /** Decodes a tile and transfers its bytes to the worker. Errors: those of readTile. */
  async tile(bytes: ArrayBuffer): Promise<PixelImage> {
    return (await this.#ask("tile", bytes)).tile!;
  }

  /** Decodes a cutout and transfers its bytes to the worker. Errors: those of readCutout. */
  async cutout(bytes: ArrayBuffer): Promise<Cutout> {
    return (await this.#ask("cutout", bytes)).cutout!;
  }

  close(): void {
    this.#worker.terminate();
    this.#stop(new Error("the decoder was closed"));
  }

  /** Rejects pending and future requests, because no reply will come. */
  #stop(fault: Error): void {
    this.#fault = fault;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }

  #ask(kind: DecodeRequest["kind"], bytes: ArrayBuffer): Promise<DecodeReply> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    const job = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject });
      this.#worker.postMessage({ job, kind, bytes } satisfies DecodeRequest, [bytes]);
    });
  }
}
