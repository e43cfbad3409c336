/**
 * Tables of CRC-32 for one, two, three and four bytes at a time, concatenated; built on first use.
 */
let tables: Uint32Array | undefined;

function crcTables(): Uint32Array {
  if (tables !== undefined) return tables;
  const made = new Uint32Array(1024);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    made[i] = c;
  }
  for (let i = 256; i < 1024; i++) made[i] = (made[i - 256]! >>> 8) ^ made[made[i - 256]! & 255]!;
  tables = made;
  return made;
}

/** CRC-32 of RFC 1952, 8, as an unsigned number. */
function crc32(bytes: Uint8Array): number {
  const table = crcTables();
  const whole = bytes.length & ~3;
  let c = -1;
  let i = 0;
  for (; i < whole; i += 4) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c =
      table[768 + (c & 255)]! ^
      table[512 + ((c >>> 8) & 255)]! ^
      table[256 + ((c >>> 16) & 255)]! ^
      table[c >>> 24]!;
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]!) & 255]!;
  return ~c >>> 0;
}

/** Adler-32 of RFC 1950, 8.2, as an unsigned number. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    // The longest run of bytes whose sums stay below 2^32.
    const stop = Math.min(i + 5552, bytes.length);
    for (; i < stop; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return ((b << 16) | a) >>> 0;
}

/**
 * The trailer expected after the deflated data of `plain`: CRC-32 and length, low bytes first, or
 * Adler-32, high byte first.
 */
export function deflateTrailer(plain: Uint8Array, format: DeflateFormat, crc = crc32): Uint8Array {
  const view = new DataView(new ArrayBuffer(format === "gzip" ? 8 : 4));
  if (format === "gzip") {
    view.setUint32(0, crc(plain), true);
    view.setUint32(4, plain.length % 2 ** 32, true);
  } else view.setUint32(0, adler32(plain));
  return new Uint8Array(view.buffer);
}

/** Wrapper of deflated bytes: RFC 1952 or RFC 1950. */
export type DeflateFormat = "gzip" | "zlib";
