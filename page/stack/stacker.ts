import type { KeptFrame, MadeStack, StackOrder } from "./make-stack.ts";

/** Message to the stacking worker. */
export type StackerMessage =
  | { readonly kind: "frame"; readonly n: number; readonly frame: KeptFrame }
  | { readonly kind: "stack"; readonly job: number; readonly order: StackOrder };

/** Message from the worker: a stack, an error, or neither if a newer order replaced this one. */
export interface StackerReply {
  readonly job: number;
  readonly stack?: MadeStack;
  readonly error?: string;
}

/** Stacks frames in a worker; only the newest order counts. */
export class Stacker {
  readonly #worker: Worker;
  readonly #sent = new Map<number, KeptFrame["image"]>();
  #job = 0;
  #resolve: ((reply: StackerReply) => void) | undefined;
  #fault: string | undefined;

  constructor(url: string) {
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<StackerReply>) => {
      if (data.job === this.#job) this.#resolve?.(data);
    };
    this.#worker.onerror = ({ message }) => {
      // there is no message if the script itself cannot be loaded
      this.#fault = `the stacking worker stopped: ${message || "its script cannot be loaded"}`;
      this.#resolve?.({ job: this.#job, error: this.#fault });
    };
  }

  /** Sends a frame to the worker: once, and again if its pixels have changed. */
  add(n: number, frame: KeptFrame): void {
    if (this.#sent.get(n) === frame.image) return;
    this.#sent.set(n, frame.image);
    this.#post({ kind: "frame", n, frame });
  }

  /** Makes a stack; undefined if a newer order replaced this one. Errors: those of makeStack. */
  async stack(order: StackOrder): Promise<MadeStack | undefined> {
    if (this.#fault !== undefined) throw new Error(this.#fault);
    const job = ++this.#job;
    this.#resolve?.({ job: -1 });
    const reply = await new Promise<StackerReply>((resolve) => {
      this.#resolve = resolve;
      this.#post({ kind: "stack", job, order });
    });
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.stack;
  }

  close(): void {
    this.#worker.terminate();
  }

  #post(message: StackerMessage): void {
    this.#worker.postMessage(message);
  }
}
