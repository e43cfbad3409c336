import type { Card } from "../header/card.ts";
import { latin1Bytes } from "../header/card.ts";
import { headerBytes } from "../header/header.ts";
import { valueCard } from "../header/write-card.ts";
import { LITTLE_ENDIAN } from "../kernel/web-assembly.ts";

const WORD = 2 ** 32;
/** Words whose bytes can be added in lanes of 16 bits: 256 times 255 stays below 2^16. */
const RUN = 256;
/** Bytes summed without folding: the most significant byte adds up to less than 2^53. */
const PIECE = 2 ** 22;
/** Bytes copied at a time when they are not word-aligned in memory. */
const COPIED = 2 ** 16;

/**
 * Ones' complement sum of `bytes` as big-endian 32-bit words (FITS 4.0, 4.4.2.7 and appendix J),
 * added to `sum`. To sum an HDU in pieces, all pieces but the last must be whole words; an
 * incomplete last word is padded with zeros. An unsigned 32-bit integer.
 */
export function dataSum(bytes: Uint8Array, sum = 0): number {
  const whole = bytes.length & ~3;
  const aligned = bytes.byteOffset % 4 === 0;
  const length = aligned ? PIECE : Math.min(whole, COPIED);
  const copy = aligned ? undefined : new Uint8Array(length);
  let total = sum;
  for (let at = 0; at < whole; at += length) {
    let piece = bytes.subarray(at, Math.min(whole, at + length));
    if (copy !== undefined) {
      copy.set(piece);
      piece = copy.subarray(0, piece.length);
    }
    total = fold(total + sumWords(new Uint32Array(piece.buffer, piece.byteOffset, piece.length >>> 2)));
  }
  for (let i = whole; i < bytes.length; i++) total += bytes[i]! * 2 ** (8 * (3 - (i & 3)));
  return fold(total);
}

/**
 * Sum of words in native byte order, each read as big-endian: bytes are added separately by weight,
 * two in one integer.
 */
function sumWords(words: Uint32Array): number {
  // Sums of the native bytes of weights 1 and 2^16, and of 2^8 and 2^24.
  let low = 0;
  let high = 0;
  let second = 0;
  let fourth = 0;
  for (let at = 0; at < words.length; at += RUN) {
    const end = Math.min(words.length, at + RUN);
    let even = 0;
    let odd = 0;
    for (let i = at; i < end; i++) {
      const word = words[i]! | 0;
      even = (even + (word & 0x00ff00ff)) | 0;
      odd = (odd + ((word >>> 8) & 0x00ff00ff)) | 0;
    }
    low += even & 0xffff;
    high += even >>> 16;
    second += odd & 0xffff;
    fourth += odd >>> 16;
  }
  return LITTLE_ENDIAN ? weighted(low, second, high, fourth) : weighted(fourth, high, second, low);
}

/** Sum of the bytes of big-endian words, from the first byte; exact for a piece. */
function weighted(first: number, second: number, third: number, fourth: number): number {
  return first * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8 + fourth;
}

/** Carries the overflow beyond 32 bits around to the low end. */
function fold(total: number): number {
  let folded = total;
  while (folded >= WORD) folded = (folded % WORD) + Math.floor(folded / WORD);
  return folded;
}

/** Options for the comments of the checksum cards. */
export interface ChecksumOptions {
  /**
   * Time of writing, as `2026-11-24T20:00:00`. Without it the comments have no date, and equal HDUs
   * give equal bytes.
   */
  readonly date?: string;
}

/**
 * The complete header of an HDU whose data sum to `datasum`: the cards (without old CHECKSUM,
 * DATASUM and END), DATASUM, a CHECKSUM such that the whole HDU sums to -0, END, and blanks up to a
 * whole block.
 */
export function withChecksums(
  cards: readonly Card[],
  datasum: number,
  { date }: ChecksumOptions = {},
): Uint8Array {
  const when = date === undefined ? "" : ` updated ${date}`;
  const kept = cards.filter(
    ({ keyword, kind }) => !(kind === "value" && /^(CHECKSUM|DATASUM)$/.test(keyword)),
  );
  const bytes = headerBytes([
    ...kept,
    valueCard("DATASUM", String(datasum), `data unit checksum${when}`),
    valueCard("CHECKSUM", "0".repeat(16), `HDU checksum${when}`),
  ]);
  const at = kept.reduce((length, card) => length + (card.kind === "end" ? 0 : card.bytes.length), 80);
  bytes.set(latin1Bytes(checksumText(dataSum(bytes, datasum))), at + 11);
  return bytes;
}

/**
 * The 16 characters that bring an HDU of this sum to -0 when they replace sixteen zeros (FITS 4.0,
 * appendix J.2).
 */
function checksumText(sum: number): string {
  const complement = ~sum >>> 0;
  const text = new Uint8Array(16);
  for (let i = 0; i < 4; i++) {
    const byte = (complement >>> (24 - 8 * i)) & 0xff;
    const four = new Array<number>(4).fill((byte >>> 2) + 48);
    four[0]! += byte & 3;
    while (four.some(isPunctuation)) {
      for (let j = 0; j < 4; j += 2) {
        if (!isPunctuation(four[j]!) && !isPunctuation(four[j + 1]!)) continue;
        four[j]!++;
        four[j + 1]!--;
      }
    }
    // The value begins in byte 12 of the card, so the characters are rotated by one.
    for (let j = 0; j < 4; j++) text[(4 * j + i + 1) % 16] = four[j]!;
  }
  return String.fromCharCode(...text);
}

/** The ASCII characters between digits and letters: 0x3a..0x40, 0x5b..0x60. */
function isPunctuation(code: number): boolean {
  return (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);
}
