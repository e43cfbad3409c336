import { RICE_LAYOUT, type RicePixels } from "./rice-plain.ts";

/**
 * Encodes pixels as one RICE_1 tile, BYTEPIX being the array's width (FITS 4.0, 10.4.1). The choice of FS is that of cfitsio, and so are
 * the bytes.
 */
export function encodeRice(pixels: RicePixels, blocksize: number): Uint8Array {
  const bytepix = pixels.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const { fsBits, direct } = RICE_LAYOUT[bytepix];
  const width = bytepix * 8;
  const unused = 32 - width;
  const codes = new Uint32Array(Math.min(blocksize, pixels.length));
  const writer = new BitWriter(pixels.length * bytepix + 64);
  writer.put(pixels[0] ?? 0, width);
  let last = pixels[0] ?? 0;
  for (let begin = 0; begin < pixels.length; begin += blocksize) {
    const n = Math.min(blocksize, pixels.length - begin);
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const pixel = pixels[begin + j]!;
      // Differences wrap round at the width of a pixel; decoding wraps back.
      const step = ((pixel - last) << unused) >> unused;
      const code = ((step << 1) ^ (step >> 31)) >>> 0;
      codes[j] = code;
      sum += code;
      last = pixel;
    }
    const fs = splitOf(sum, n, width);
    if (fs >= direct) {
      writer.put(direct + 1, fsBits);
      for (let j = 0; j < n; j++) writer.put(codes[j]!, width);
    } else if (sum === 0) writer.put(0, fsBits);
    else {
      writer.put(fs + 1, fsBits);
      for (let j = 0; j < n; j++) {
        writer.zeros(codes[j]! >>> fs);
        writer.put((1 << fs) | (codes[j]! & ((1 << fs) - 1)), fs + 1);
      }
    }
  }
  return writer.finish();
}

/** FS for a block of `n` codes: the bits of half their mean, as the C library finds it. */
function splitOf(sum: number, n: number, width: number): number {
  const mean = Math.max(0, Math.trunc((sum - Math.trunc(n / 2) - 1) / n));
  const kept = width === 32 ? mean >>> 0 : mean & ((1 << width) - 1);
  return 32 - Math.clz32(kept >>> 1);
}

/** Bits, highest first, into bytes that grow. */
class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #held = 0;
  #free = 8;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
  }

  /** The low `n` bits of `value`, 1 to 32 of them. */
  put(value: number, n: number): void {
    let left = n;
    while (left >= this.#free) {
      left -= this.#free;
      this.#push((this.#held << this.#free) | ((value >>> left) & ((1 << this.#free) - 1)));
    }
    if (left > 0) {
      this.#held = (this.#held << left) | (value & ((1 << left) - 1));
      this.#free -= left;
    }
  }

  zeros(n: number): void {
    if (n < this.#free) {
      this.#held <<= n;
      this.#free -= n;
      return;
    }
    let left = n - this.#free;
    this.#push(this.#held << this.#free);
    for (; left >= 8; left -= 8) this.#push(0);
    this.#free = 8 - left;
  }

  finish(): Uint8Array {
    if (this.#free < 8) this.#push(this.#held << this.#free);
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
    this.#held = 0;
    this.#free = 8;
  }
}
