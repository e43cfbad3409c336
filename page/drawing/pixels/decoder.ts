import type { PixelImage } from "./pixels.ts";
import type { Cutout } from "./read-cutout.ts";

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

/** Decodes tiles and cutouts in a worker, which starts with the first request or by `start`. */
export class Decoder {
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #last = 0;
  #fault: Error | undefined;

  /** @param url of the worker's script */
  constructor(url: string) {
    this.#url = url;
  }

  /** Starts the worker before there is anything to decode. */
  start(): void {
    if (this.#fault === undefined) this.#started();
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
    this.#worker?.terminate();
    this.#stop(new Error("the decoder was closed"));
  }

  /** Rejects pending and future requests, because no reply will come. */
  #stop(fault: Error): void {
    this.#fault = fault;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#url, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<DecodeReply>) => {
      const waiting = this.#waiting.get(data.job);
      this.#waiting.delete(data.job);
      if (data.error === undefined) waiting?.resolve(data);
      else waiting?.reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => {
      // there is no message if the script itself cannot be loaded
      this.#stop(new Error(`the decoder stopped: ${message || "its script cannot be loaded"}`));
    };
    this.#worker = worker;
    return worker;
  }

  #ask(kind: DecodeRequest["kind"], bytes: ArrayBuffer): Promise<DecodeReply> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    const job = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject });
      this.#started().postMessage({ job, kind, bytes } satisfies DecodeRequest, [bytes]);
    });
  }
}
