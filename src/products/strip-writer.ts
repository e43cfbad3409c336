import { closeSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { partPath } from "../storage/part-file.ts";
import { encodedStrip, type PictureEncoding, type PicturePixels } from "./encode-picture.ts";
import { StripJoiner, stripRows } from "./jpeg-strips.ts";
import { placeProduct, removeQuietly, writeWhole } from "./place-product.ts";
import type { CachedFile } from "./product-cache.ts";

/** Strips that are encoded at once. */
const AT_ONCE = Math.min(2, availableParallelism());

/**
 * Writes a picture as a JPEG file of the cache while it comes to be: strips of it are encoded in threads of the encoder, two at once, and joined.
 * Whatever goes wrong is kept until `finish`. One of `finish` and `abandon` must be called.
 */
export class StripWriter {
  readonly #path: string;
  readonly #part: string;
  readonly #picture: PicturePixels;
  readonly #encoding: PictureEncoding;
  readonly #rows: number;
  readonly #joiner: StripJoiner;
  readonly #encoded: Promise<Buffer>[] = [];
  #fd: number | undefined;
  /** First row that is not being encoded yet. */
  #next = 0;
  /** Rows of the picture that are there. */
  #there = 0;
  #failed = false;

  /** `picture.pixels` is the memory in which the picture comes to be. */
  constructor(path: string, picture: PicturePixels, encoding: PictureEncoding) {
    this.#path = path;
    this.#part = partPath(path);
    this.#picture = picture;
    this.#encoding = encoding;
    this.#rows = stripRows(picture.width);
    this.#joiner = new StripJoiner(picture.width, picture.height);
  }

  /** The first `rows` rows of the picture are there, and do not change any more. Waits while enough is being encoded. */
  async add(rows: number): Promise<void> {
    this.#there = rows;
    this.#begin();
    while (!this.#failed && this.#isNextThere()) await this.#take();
  }

  /** The product, when all rows have been added; undefined when it could not be encoded or written: nothing is left behind then. */
  async finish(): Promise<CachedFile | undefined> {
    while (this.#encoded.length > 0) await this.#take();
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

  /** Leaves nothing behind. Returns when no thread looks at the picture any more. */
  async abandon(): Promise<void> {
    this.#failed = true;
    await Promise.allSettled(this.#encoded);
    this.#close();
    removeQuietly(this.#part);
  }

  #isNextThere(): boolean {
    const { height } = this.#picture;
    return this.#next < height && Math.min(height, this.#next + this.#rows) <= this.#there;
  }

  /** Begins to encode what is there, as many strips as are encoded at once. */
  #begin(): void {
    while (this.#encoded.length < AT_ONCE && !this.#failed && this.#isNextThere()) this.#beginStrip();
  }

  #beginStrip(): void {
    const { width, height, channels, pixels } = this.#picture;
    const { xmp, ...plain } = this.#encoding;
    const top = this.#next;
    this.#next = Math.min(height, top + this.#rows);
    const strip = {
      width,
      height: this.#next - top,
      channels,
      pixels: pixels.subarray(top * width * channels, this.#next * width * channels),
    };
    const encoded = encodedStrip(strip, top === 0 ? this.#encoding : plain);
    // its failure is met when it is taken
    encoded.catch(() => undefined);
    this.#encoded.push(encoded);
  }

  /** Waits for the first strip that is being encoded, lets the next one begin where it can, and writes it. */
  async #take(): Promise<void> {
    const strip = await this.#encoded[0]!.catch(() => undefined);
    this.#encoded.shift();
    if (strip === undefined) this.#failed = true;
    this.#begin();
    if (strip !== undefined && !this.#failed) this.#write(() => this.#joiner.add(strip));
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
