import { closeSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { partPath, removeQuietly } from "../../concurrency/part-file.ts";
import { placeProduct, writeWhole } from "../cache/place-product.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { encodedStrip, type PictureEncoding, type PicturePixels } from "./encode-picture.ts";
import { StripJoiner, stripRows } from "./jpeg-strips.ts";

/**
 * Number of strips encoded at once: after all rows are available, and while further rows are made
 * in this thread.
 */
const STRIPS_AT_ONCE = Math.min(2, availableParallelism());
const STRIPS_MEANWHILE = Math.max(1, Math.min(STRIPS_AT_ONCE, availableParallelism() - 1));

/**
 * Writes a picture as a JPEG file of the cache while it is being made: its strips are encoded in
 * the encoder's threads and joined. Errors are kept until `finish`. Either `finish` or `abandon`
 * must be called.
 */
export class StripWriter {
  readonly #path: string;
  readonly #part: string;
  readonly #picture: PicturePixels;
  readonly #encoding: PictureEncoding;
  readonly #rows: number;
  readonly #joiner: StripJoiner;
  #fd: number | undefined;
  /** First row that is not being encoded yet. */
  #next = 0;
  /** Number of rows that are available. */
  #available = 0;
  #atOnce = STRIPS_MEANWHILE;
  /** Number of strips being encoded. */
  #running = 0;
  /** Resolves when all strips that were started are written, in order. */
  #written = Promise.resolve();
  #failed = false;

  /** `picture.pixels` is the memory in which the picture is being made. */
  constructor(path: string, picture: PicturePixels, encoding: PictureEncoding) {
    this.#path = path;
    this.#part = partPath(path);
    this.#picture = picture;
    this.#encoding = encoding;
    this.#rows = stripRows(picture.width);
    this.#joiner = new StripJoiner(picture.width, picture.height);
  }

  /**
   * Reports that the first `rows` rows of the picture are final. Starts encoding their strips and
   * writes those encoded meanwhile, without waiting for those in progress.
   */
  async add(rows: number): Promise<void> {
    this.#available = rows;
    this.#begin();
    await setImmediate();
  }

  /**
   * The product, after all rows were added; undefined if it could not be encoded or written:
   * nothing is left behind then.
   */
  async finish(): Promise<CachedFile | undefined> {
    this.#atOnce = STRIPS_AT_ONCE;
    this.#begin();
    await this.#allWritten();
    try {
      this.#write(() => [this.#joiner.end()]);
      this.#close();
      return this.#failed ? undefined : placeProduct(this.#part, this.#path);
    } catch {
      return undefined;
    } finally {
      this.#close();
      removeQuietly(this.#part);
    }
  }

  /** Leaves nothing behind. Resolves when no thread reads the picture any more. */
  async abandon(): Promise<void> {
    this.#failed = true;
    await this.#allWritten();
    this.#close();
    removeQuietly(this.#part);
  }

  /** Starts encoding available strips, up to the limit. */
  #begin(): void {
    const { height } = this.#picture;
    while (this.#running < this.#atOnce && this.#next < height && !this.#failed) {
      const end = Math.min(height, this.#next + this.#rows);
      if (end > this.#available) return;
      this.#beginStrip(this.#next, end);
      this.#next = end;
    }
  }

  #beginStrip(top: number, end: number): void {
    const { width, channels, pixels } = this.#picture;
    const { xmp, ...plain } = this.#encoding;
    const strip = {
      width,
      height: end - top,
      channels,
      pixels: pixels.subarray(top * width * channels, end * width * channels),
    };
    this.#running++;
    const encoded = encodedStrip(strip, top === 0 ? this.#encoding : plain)
      .catch(() => undefined)
      .finally(() => {
        this.#running--;
        this.#begin();
      });
    this.#written = this.#written.then(async () => {
      const bytes = await encoded;
      if (bytes === undefined) this.#failed = true;
      else if (!this.#failed) this.#write(() => this.#joiner.add(bytes));
    });
  }

  async #allWritten(): Promise<void> {
    let last: Promise<void>;
    do {
      last = this.#written;
      await last;
      // more strips may have been started meanwhile
    } while (last !== this.#written);
  }

  #write(parts: () => readonly Uint8Array[]): void {
    try {
      this.#fd ??= openSync(this.#part, "wx");
      for (const part of parts()) writeWhole(this.#fd, part);
    } catch {
      this.#failed = true;
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }
}
