import { HostBreaker } from "../../archive/host-breaker.ts";
import type { S3Bucket } from "../../archive/store/s3-bucket.ts";
import { WorkQueue } from "../../concurrency/work-queue.ts";

/** After a failure the store is not used for this long; then one request tries it. */
const REST_MS = 30_000;

/** Files that a process writes at once, and how many may wait. */
const WRITES = { concurrency: 1, limit: 16 };

/** A file of a finished batch. */
export interface BatchResult {
  /** Identifier of the batch. */
  readonly job: string;
  /** Name of the file. */
  readonly name: string;
  /** Changes whenever a byte of the file does. */
  readonly tag: string;
  readonly mediaType: string;
  /** Value of Content-Disposition. */
  readonly disposition: string;
  /** The file, made again from its beginning. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Names of the stored files of a batch. */
const RESULT_NAMES = ["files.zip", "frames.fits"] as const;

/**
 * Large files of batches in an S3 store, from which clients download them by signed addresses. A
 * file is stored after it was first requested. While the store fails, files are sent as if there
 * were none.
 */
export class ResultStore {
  readonly #bucket: S3Bucket;
  readonly #seconds: number;
  readonly #warn: ((warning: string) => void) | undefined;
  readonly #breaker = new HostBreaker(1, REST_MS);
  readonly #writes = new WorkQueue(WRITES);
  readonly #writing = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();

  /** @param seconds validity of an address */
  constructor(bucket: S3Bucket, seconds: number, warn?: (warning: string) => void) {
    this.#bucket = bucket;
    this.#seconds = seconds;
    this.#warn = warn;
  }

  /**
   * The signed address of a file, or undefined if it is not stored yet; it is then written in the
   * background for the clients that follow.
   */
  async address(result: BatchResult): Promise<string | undefined> {
    const name = `${result.job}/${result.name}`;
    const stored = await this.#try(() => this.#bucket.head(name));
    if (stored === "failed") return undefined;
    if (stored?.tag === tagText(result)) {
      const { mediaType, disposition } = result;
      return await this.#bucket.signed(name, { seconds: this.#seconds, mediaType, disposition });
    }
    if (!this.#writing.has(name)) this.#write(name, result);
    return undefined;
  }

  /** Removes the stored files of a batch. */
  async remove(job: string): Promise<void> {
    for (const name of RESULT_NAMES) await this.#try(() => this.#bucket.remove(`${job}/${name}`));
  }

  /** Aborts writes in progress; a file is written again when it is requested. */
  async close(): Promise<void> {
    this.#ending.abort(new Error("the service is stopping"));
    await Promise.all(this.#writing.values());
    this.#bucket.close();
  }

  #write(name: string, result: BatchResult): void {
    const { signal } = this.#ending;
    const put = () =>
      this.#try(() => this.#bucket.putStream(name, result.read(signal), { tag: tagText(result) }, signal));
    const written = this.#writes
      .run(put, signal)
      // too many are waiting, or the service ends
      .catch(() => undefined)
      .then(() => {
        this.#writing.delete(name);
      });
    this.#writing.set(name, written);
  }

  /** The outcome of `work`, or "failed" while the store fails. */
  async #try<T>(work: () => Promise<T>): Promise<T | "failed"> {
    const { host } = this.#bucket;
    try {
      this.#breaker.admit(host);
    } catch {
      return "failed";
    }
    try {
      const outcome = await work();
      this.#breaker.succeeded(host);
      return outcome;
    } catch (error) {
      if (this.#ending.signal.aborted) return "failed";
      this.#breaker.timedOut(host);
      this.#warn?.(`the result store is not used for ${REST_MS / 1000} s: ${(error as Error).message}`);
      return "failed";
    }
  }
}

/** A tag without its quotation marks, which some stores drop from metadata. */
const tagText = ({ tag }: BatchResult): string => tag.replaceAll('"', "");
