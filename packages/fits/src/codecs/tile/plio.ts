import { FitsError } from "../../errors.ts";
import { convertIntegers } from "./tile-bytes.ts";
import type { TileCodec } from "./tile-codec.ts";

/**
 * PLIO_1: run lengths of a mask, in the format of IRAF's pixel lists (FITS 4.0, 10.4.3). Decoding
 * only.
 */
export const plio1: TileCodec = {
  name: "PLIO_1",
  decode(input, out, { count }) {
    if (out instanceof Float32Array || out instanceof Float64Array) {
      throw new FitsError("FITS_UNSUPPORTED", `PLIO_1 tiles are not read as ${out.constructor.name}`);
    }
    if (out instanceof BigInt64Array) {
      const values = new Int32Array(count);
      decodeLineList(input, values, count);
      convertIntegers(values, out, count);
    } else decodeLineList(input, out, count);
  },
};

/** Instructions: the upper four bits of a word. The lower twelve bits are the operand. */
const ZEROS = 0;
const SET_HIGH = 1;
const RAISE_HIGH = 2;
const LOWER_HIGH = 3;
const HIGHS = 4;
const ZEROS_THEN_HIGH = 5;
const RAISE_AND_PUT = 6;
const LOWER_AND_PUT = 7;

/** Pixels after the last instruction are 0. */
function decodeLineList(input: Uint8Array, out: Uint8Array | Int16Array | Int32Array, count: number): void {
  const { begin, end } = instructionsOf(input);
  // Values out of the array's range are detected when stored; intermediate levels may exceed it.
  const most = 2 ** (out.BYTES_PER_ELEMENT * 8 - (out instanceof Uint8Array ? 0 : 1)) - 1;
  const least = out instanceof Uint8Array ? 0 : -most - 1;
  let high = 1;
  let x = 0;
  for (let i = begin; i < end && x < count; i += 2) {
    const instruction = input[i]! >> 4;
    const datum = ((input[i]! & 15) << 8) | input[i + 1]!;
    const puts = instruction >= HIGHS && (datum > 0 || instruction > ZEROS_THEN_HIGH);
    if (instruction === RAISE_HIGH || instruction === RAISE_AND_PUT) high += datum;
    else if (instruction === LOWER_HIGH || instruction === LOWER_AND_PUT) high -= datum;
    if (puts && (high < least || high > most)) {
      throw damaged(`has the value ${high}, which its BITPIX cannot hold`);
    }
    switch (instruction) {
      case ZEROS:
      case HIGHS:
        out.fill(instruction === HIGHS ? high : 0, x, Math.min(x + datum, count));
        x += datum;
        break;
      case ZEROS_THEN_HIGH:
        out.fill(0, x, Math.min(x + datum, count));
        x += datum;
        if (datum > 0 && x <= count) out[x - 1] = high;
        break;
      case SET_HIGH:
        if (i + 3 >= end) throw damaged("ends inside an instruction");
        i += 2;
        high = (((input[i]! << 8) | input[i + 1]!) << 12) + datum;
        break;
      case RAISE_HIGH:
      case LOWER_HIGH:
        break;
      case RAISE_AND_PUT:
      case LOWER_AND_PUT:
        out[x++] = high;
        break;
      default:
        throw damaged(`has the unknown instruction ${instruction}`);
    }
  }
  if (x < count) out.fill(0, x, count);
}

/** Byte offsets of the first instruction of a list and of its end. */
function instructionsOf(input: Uint8Array): { readonly begin: number; readonly end: number } {
  const words = input.length >> 1;
  const word = (i: number) => (input[2 * i]! << 8) | input[2 * i + 1]!;
  if (words < 3) throw damaged(`has ${input.length} bytes`);
  // Old lists have their length in word 2 and begin at word 3; new ones have -100 in word 2, their
  // start in word 1 and their length in words 3 and 4.
  const old = word(2) > 0 && word(2) < 0x8000;
  if (!old && words < 5) throw damaged(`has ${input.length} bytes`);
  const length = old ? word(2) : (word(4) << 15) + word(3);
  if (length > words) throw damaged(`declares ${length} words but has ${words}`);
  return { begin: 2 * (old ? 3 : word(1)), end: 2 * length };
}

function damaged(what: string): FitsError {
  return new FitsError("FITS_TILE_CORRUPT", `a PLIO_1 tile ${what}`);
}
