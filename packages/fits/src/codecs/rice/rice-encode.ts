import { KERNEL_WORK, type Kernel, sharedKernel } from "../../kernel/kernel.ts";
import { RICE_LAYOUT, type RicePixels } from "./rice-plain.ts";

/**
 * Encodes pixels as one RICE_1 tile, with BYTEPIX the width of the array's elements (FITS 4.0,
 * 10.4.1). Chooses FS as cfitsio does, so the bytes are the same. Uses the WebAssembly kernel where
 * available, or its plain twin.
 */
export function encodeRice(pixels: RicePixels, blocksize: number): Uint8Array {
  const kernel = pixels.length > 0 ? sharedKernel() : undefined;
  return (kernel && encodeByKernel(kernel, pixels, blocksize)) ?? encodeRicePlain(pixels, blocksize);
}

/** The tile; undefined when there is not enough memory. */
function encodeByKernel(kernel: Kernel, pixels: RicePixels, blocksize: number): Uint8Array | undefined {
  const { length, BYTES_PER_ELEMENT: width } = pixels;
  const block = Math.min(blocksize, length);
  // the kernel stores one pixel before the first
  const from = KERNEL_WORK + 16;
  const codes = from + 16 * Math.ceil((length * width) / 16);
  const out = codes + 16 * Math.ceil(block / 4);
  // a code takes at most FS + 5 bits on average, and each block stores its FS
  const most = length * (width + 1) + Math.ceil(length / block) + 64;
  const room = kernel.withMemory(out + most);
  if (room === undefined) return undefined;
  const bytes = new Uint8Array(room.memory);
  bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, length * width), from);
  const end = out + room.exports.encode(width, from, length, block, codes, out);
  return bytes.slice(out, end);
}

/** {@link encodeRice} in plain TypeScript: the twin of the kernel. */
export function encodeRicePlain(pixels: RicePixels, blocksize: number): Uint8Array {
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
      // Differences wrap around at the width of a pixel; decoding wraps back.
      const step = ((pixel - last) << unused) >> unused;
      const code = ((step << 1) ^ (step >> 31)) >>> 0;
      codes[j] = code;
      sum += code;
      last = pixel;
    }
    const fs = splitOf(sum, n, width);
    // A code takes at most FS + 5 bits on average, or the width of a pixel.
    writer.reserve(Math.ceil((n * (width + 8)) / 8));
    if (fs >= direct) {
      writer.put(direct + 1, fsBits);
      for (let j = 0; j < n; j++) writer.put(codes[j]!, width);
    } else if (sum === 0) writer.put(0, fsBits);
    else {
      writer.put(fs + 1, fsBits);
      writer.putCodes(codes, n, fs);
    }
  }
  return writer.finish();
}

/**
 * FS for a block of `n` codes: the number of bits in half their mean, computed as in the C library.
 */
function splitOf(sum: number, n: number, width: number): number {
  const mean = Math.max(0, Math.trunc((sum - Math.trunc(n / 2) - 1) / n));
  const kept = width === 32 ? mean >>> 0 : mean & ((1 << width) - 1);
  return 32 - Math.clz32(kept >>> 1);
}

/** Writes bits, highest first, into a growing byte array. */
class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  /**
   * Buffered bits that do not yet fill a byte, in the low bits; those above were already written.
   */
  #buffered = 0;
  #count = 0;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
  }

  /** Makes room for this many more bytes. */
  reserve(bytes: number): void {
    const least = this.#length + bytes + 8;
    if (least <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * least);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  /** Writes the low `n` bits of `value`, 1 to 32. */
  put(value: number, n: number): void {
    if (n > 16) {
      this.#put16(value >>> 16, n - 16);
      this.#put16(value & 0xffff, 16);
    } else this.#put16(value & ((1 << n) - 1), n);
  }

  /**
   * Writes codes with FS `fs`: the part above the lowest `fs` bits as zeros and a one, then those
   * bits.
   */
  putCodes(codes: Uint32Array, n: number, fs: number): void {
    const bytes = this.#bytes;
    const one = 1 << fs;
    const mask = one - 1;
    let length = this.#length;
    let buffered = this.#buffered;
    let count = this.#count;
    for (let j = 0; j < n; j++) {
      const code = codes[j]!;
      let zeros = code >>> fs;
      for (; zeros > 7; zeros -= 8) {
        buffered <<= 8;
        bytes[length++] = buffered >>> count;
      }
      let bits = zeros + 1;
      if (bits + fs <= 24) {
        buffered = (buffered << (bits + fs)) | one | (code & mask);
        count += bits + fs;
      } else {
        buffered = (buffered << bits) | 1;
        for (count += bits; count > 7; count -= 8) bytes[length++] = buffered >>> (count - 8);
        // FS is at most 24 here, at least 17, and at most 7 bits are buffered.
        bits = fs - 16;
        buffered = (buffered << bits) | ((code & mask) >>> 16);
        for (count += bits; count > 7; count -= 8) bytes[length++] = buffered >>> (count - 8);
        buffered = (buffered << 16) | (code & 0xffff);
        count += 16;
      }
      for (; count > 7; count -= 8) bytes[length++] = buffered >>> (count - 8);
    }
    this.#length = length;
    this.#buffered = buffered;
    this.#count = count;
  }

  finish(): Uint8Array {
    if (this.#count > 0) this.#bytes[this.#length++] = this.#buffered << (8 - this.#count);
    return this.#bytes.slice(0, this.#length);
  }

  #put16(value: number, n: number): void {
    this.#buffered = (this.#buffered << n) | value;
    this.#count += n;
    while (this.#count > 7) {
      this.#count -= 8;
      this.#bytes[this.#length++] = this.#buffered >>> this.#count;
    }
  }
}
