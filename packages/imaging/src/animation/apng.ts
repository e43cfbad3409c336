/** Compresses bytes as a zlib stream (RFC 1950). */
type Deflate = (bytes: Uint8Array) => Uint8Array;

/** An animation of grey pictures. */
export interface ApngOptions {
  readonly width: number;
  readonly height: number;
  /** Number of pictures. */
  readonly frames: number;
  /** Seconds that each picture is shown, 0.001 to 65. */
  readonly seconds: number;
  /** Number of plays; 0 means endless. */
  readonly plays: number;
  readonly deflate: Deflate;
  /** XMP packet with its xpacket wrapper, stored uncompressed (XMP part 3, 1.1.5). */
  readonly xmp?: string;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Writes an animated PNG of 8-bit grey pictures (PNG third edition, 4.9 and 11.3.6), piece by
 * piece. Programs that do not support animation show the first picture.
 */
export class ApngWriter {
  readonly #options: ApngOptions;
  #sequence = 0;
  #frames = 0;

  /** Errors: RangeError for no frames, or sizes or times that the format cannot hold. */
  constructor(options: ApngOptions) {
    const { width, height, frames, seconds } = options;
    if (![width, height, frames].every((n) => Number.isInteger(n) && n > 0 && n < 2 ** 31)) {
      throw new RangeError(`${frames} pictures of ${width} x ${height} pixels`);
    }
    if (!(seconds >= 0.001 && seconds <= 65)) throw new RangeError(`${seconds} seconds for a picture`);
    this.#options = options;
  }

  /** What precedes the first picture. */
  head(): readonly Uint8Array[] {
    const { width, height, frames, plays, xmp } = this.#options;
    // bit depth 8, color type grey, deflate, adaptive filters, not interlaced
    const header = concat(uint32(width, height), Uint8Array.of(8, 0, 0, 0, 0));
    const text = new TextEncoder();
    const packet =
      xmp === undefined
        ? []
        : [chunk("iTXt", concat(text.encode("XML:com.adobe.xmp\0\0\0\0\0"), text.encode(xmp)))];
    return [SIGNATURE, chunk("IHDR", header), ...packet, chunk("acTL", uint32(frames, plays))];
  }

  /**
   * The next picture: width * height grey levels, the top row first. Errors: RangeError for another
   * number of levels, or for more pictures than announced.
   */
  frame(levels: Uint8Array): readonly Uint8Array[] {
    const { width, height, frames, seconds, deflate } = this.#options;
    if (levels.length !== width * height) throw new RangeError(`${levels.length} levels in a picture`);
    if (this.#frames === frames) throw new RangeError(`more than ${frames} pictures`);
    const rows = new Uint8Array(height * (width + 1));
    // no filter: neighboring pixels do not predict noise
    for (let y = 0; y < height; y++)
      rows.set(levels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
    const delay = Math.round(seconds * 1000);
    const control = concat(
      uint32(this.#sequence++, width, height, 0, 0),
      // the delay in 1/1000 s, disposal and blending: replace everything
      Uint8Array.of(delay >> 8, delay & 255, 1000 >> 8, 1000 & 255, 0, 0),
    );
    const data = deflate(rows);
    const first = this.#frames++ === 0;
    return [
      chunk("fcTL", control),
      first ? chunk("IDAT", data) : chunk("fdAT", concat(uint32(this.#sequence++), data)),
    ];
  }

  /** What follows the last picture. Errors: RangeError if pictures are missing. */
  end(): Uint8Array {
    if (this.#frames !== this.#options.frames)
      throw new RangeError(`${this.#frames} of ${this.#options.frames} pictures`);
    return chunk("IEND", new Uint8Array(0));
  }
}

/** Length, type, data and CRC (PNG, 5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  out.set(uint32(data.length));
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  out.set(uint32(crc32(out.subarray(4, 8 + data.length))), 8 + data.length);
  return out;
}

function uint32(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)));
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Remainders of single bytes for the CRC of PNG (5.5). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = REMAINDERS[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c;
}
