import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { PixelArray } from "@sbnsis/imaging";
import { SisError } from "../../errors/sis-error.ts";

/**
 * Pixels of frames that are needed again but not kept in memory, in a file without a name in the
 * folder of the product. `close` frees it; so does the end of the process.
 */
export class PixelSpool {
  readonly #path: string;
  readonly #places = new Map<number, { readonly at: number; readonly like: PixelArray }>();
  #fd: number | undefined;
  #end = 0;

  /** `path`: of the product. */
  constructor(path: string) {
    this.#path = path;
  }

  has(frame: number): boolean {
    return this.#places.has(frame);
  }

  /** Stores all pixels of a frame's box. Errors: CACHE_UNAVAILABLE. */
  store(frame: number, pixels: PixelArray): void {
    try {
      this.#fd ??= this.#open();
      const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done);
      this.#places.set(frame, { at: this.#end, like: pixels.subarray(0, 0) });
      this.#end += bytes.length;
    } catch (cause) {
      throw new SisError("CACHE_UNAVAILABLE", "the pixels of a stack could not be stored", { cause });
    }
  }

  /** Pixels of a frame that was stored, from `first` on. Errors: CACHE_UNAVAILABLE. */
  load(frame: number, first: number, count: number): PixelArray {
    const { at, like } = this.#places.get(frame)!;
    const kind = like.constructor as new (length: number) => PixelArray;
    const pixels = new kind(count);
    const bytes = new Uint8Array(pixels.buffer);
    const from = at + first * like.BYTES_PER_ELEMENT;
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.#fd!, bytes, done, bytes.length - done, from + done);
      if (read === 0) throw new SisError("CACHE_UNAVAILABLE", "the stored pixels of a stack are gone");
      done += read;
    }
    return pixels;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#places.clear();
  }

  #open(): number {
    const path = `${this.#path}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return fd;
  }
}
