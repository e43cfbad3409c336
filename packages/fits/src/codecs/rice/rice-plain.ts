/** Integer arrays for RICE_1 pixels as stored: unsigned bytes, 16-bit or 32-bit integers. */
export type RicePixels = Uint8Array | Int16Array | Int32Array;

/**
 * By BYTEPIX: number of bits of FS, and the FS of a block without Rice coding (FITS 4.0, 10.4.1).
 */
export const RICE_LAYOUT = {
  1: { fsBits: 3, direct: 6 },
  2: { fsBits: 4, direct: 14 },
  4: { fsBits: 5, direct: 25 },
} as const;

/**
 * Decodes the first `count` pixels of a RICE_1 tile into `out`, whose element width is BYTEPIX.
 * Plain TypeScript with a 32-bit window: the twin of the WebAssembly kernel, for platforms without
 * it. Returns false when the stream ends too early.
 */
export function decodeRicePlain(
  input: Uint8Array,
  out: RicePixels,
  count: number,
  blocksize: number,
): boolean {
  const bytepix = out.BYTES_PER_ELEMENT as 1 | 2 | 4;
  const { fsBits, direct } = RICE_LAYOUT[bytepix];
  const width = bytepix * 8;
  const words = bigEndianWords(input);
  const limit = input.length * 8;
  if (width > limit) return false;
  let last = take(words, 0, width);
  let p = width;
  for (let i = 0; i < count; ) {
    const stop = Math.min(i + blocksize, count);
    if (p + fsBits > limit) return false;
    const fs = take(words, p, fsBits) - 1;
    p += fsBits;
    if (fs < 0) {
      out.fill(last, i, stop);
      i = stop;
      continue;
    }
    const plain = fs === direct;
    for (; i < stop; i++) {
      let code: number;
      if (plain) {
        code = take(words, p, width);
        p += width;
      } else {
        const zeros = zerosAt(words, p, limit);
        p += zeros + 1;
        code = (zeros << fs) | (p > limit ? 0 : take(words, p, fs));
        p += fs;
      }
      if (p > limit) return false;
      last = (last + ((code >>> 1) ^ -(code & 1))) | 0;
      out[i] = last;
    }
  }
  return true;
}

/**
 * The stream as 32-bit words, its first byte the most significant, followed by two words of zeros.
 */
function bigEndianWords(input: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(input.length / 4) + 2);
  for (let i = 0; i < input.length; i++) {
    words[i >> 2] = words[i >> 2]! | (input[i]! << (24 - ((i & 3) << 3)));
  }
  return words;
}

/** The 32 bits from position p on. */
function windowAt(words: Uint32Array, p: number): number {
  const i = Math.floor(p / 32);
  const shift = p & 31;
  return (words[i]! << shift) | ((words[i + 1]! >>> 1) >>> (31 - shift));
}

/** The `n` bits from position p on, 0 to 32 of them. */
function take(words: Uint32Array, p: number, n: number): number {
  const window = windowAt(words, p);
  return n === 32 ? window : (window >>> 1) >>> (31 - n);
}

/** Number of zeros at p before the next one bit; more than `limit` when there is none. */
function zerosAt(words: Uint32Array, p: number, limit: number): number {
  let zeros = 0;
  for (;;) {
    const run = Math.clz32(windowAt(words, p + zeros));
    zeros += run;
    if (run < 32 || p + zeros > limit) return zeros;
  }
}
