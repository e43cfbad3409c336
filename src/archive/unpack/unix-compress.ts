import { SisError } from "../../errors/sis-error.ts";
import { UnpackedBytes, type UnpackOptions } from "./unpacked-bytes.ts";

/** The code that clears the table, and the first free code if the file uses it. */
const CLEAR = 256;

/**
 * Unpacks the format of Unix `compress` (`.Z`): LZW with codes of 9 to 16 bits, least significant
 * bit first. The third byte gives the maximum number of bits, and whether a code clears the table.
 * When the code width grows or the table is cleared, the rest of a group of eight codes is skipped,
 * as in the original.
 * Errors: FITS_CORRUPT, those of UnpackedBytes.
 */
export function unpackCompress(packed: Uint8Array, options: UnpackOptions): UnpackedBytes {
  const flags = packed[2] ?? 0;
  const most = flags & 31;
  const clears = (flags & 128) !== 0;
  if (most < 9 || most > 16) throw damaged(`its codes have up to ${most} bits`);
  const table = new LzwTable(1 << most, clears ? CLEAR + 1 : CLEAR);
  const out = new UnpackedBytes(options);
  let bits = 9;
  // Bits since the code width last changed, and where that was.
  let start = 3;
  let read = 0;
  let before = -1;
  const end = packed.length * 8;
  const realign = () => {
    start += Math.ceil(read / (8 * bits)) * bits;
    read = 0;
  };
  for (;;) {
    if (table.free >= 1 << bits && bits < most) {
      realign();
      bits++;
    }
    const at = start * 8 + read;
    if (at + bits > end) return out;
    const code = bitsAt(packed, at, bits);
    read += bits;
    if (code === CLEAR && clears) {
      table.clear();
      realign();
      bits = 9;
      before = -1;
      continue;
    }
    if (before < 0) {
      if (code > 255) throw damaged("its first code is undefined");
      out.push(code);
    } else table.follow(before, code, out);
    before = code;
  }
}

/** The byte strings of the codes: each is an earlier string and one more byte. */
class LzwTable {
  readonly #prefix: Uint16Array;
  readonly #last: Uint8Array;
  readonly #stack: Uint8Array;
  readonly #first: number;
  /** The next unused code. */
  free: number;

  constructor(size: number, first: number) {
    this.#prefix = new Uint16Array(size);
    this.#last = Uint8Array.from({ length: size }, (_, i) => i & 255);
    this.#stack = new Uint8Array(size + 1);
    this.#first = first;
    this.free = first;
  }

  clear(): void {
    this.free = this.#first;
  }

  /** Writes the string of `code`, and adds the string of `before` followed by its first byte. */
  follow(before: number, code: number, out: UnpackedBytes): void {
    if (code > this.free || (code >= this.free && this.free >= this.#prefix.length))
      throw damaged(`code ${code} is undefined`);
    // A code that is just being added is the previous string followed by its own first byte.
    let walk = code === this.free ? before : code;
    let depth = 0;
    while (walk > 255) {
      this.#stack[depth++] = this.#last[walk]!;
      walk = this.#prefix[walk]!;
    }
    out.push(walk);
    while (depth > 0) out.push(this.#stack[--depth]!);
    if (code === this.free) out.push(walk);
    if (this.free === this.#prefix.length) return;
    this.#prefix[this.free] = before;
    this.#last[this.free++] = walk;
  }
}

function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const byte = at >> 3;
  const word = bytes[byte]! | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
  return (word >> (at & 7)) & ((1 << count) - 1);
}

function damaged(what: string): SisError {
  return new SisError("FITS_CORRUPT", `the .Z file is damaged: ${what}`);
}
