import { SisError } from "../errors/sis-error.ts";

/** Bytes that come one by one, in memory that grows with them up to a limit. More is FITS_TOO_LARGE. */
export class GrowingBytes {
  readonly #limit: number;
  #bytes: Uint8Array;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#bytes = new Uint8Array(Math.min(limit, 65_536));
  }

  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow();
    this.#bytes[this.#length++] = byte;
  }

  /** What came so far: a view. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    if (this.#length === this.#limit) throw tooLarge(this.#limit);
    const grown = new Uint8Array(Math.min(this.#limit, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** What is thrown for a packed file that holds more than `limit` bytes. */
export function tooLarge(limit: number): SisError {
  return new SisError(
    "FITS_TOO_LARGE",
    `the file is packed and holds more than the ${limit} bytes that are unpacked`,
  );
}
