// Decodes two RICE_1 streams in step: their chains of shifts are independent, so a processor works
// on both at once.

import { WINDOW, window } from "./bits.as";
import { at, bits, block, everywhere, fsBits, one, PACKED_FS, put4, STRIDE, unfolded } from "./rice-block.as";

/** Position in the second stream of a pair, after the last decoded code. */
let positionB: i32 = 0;

/**
 * Decodes both rows of a pair from pixel `from` to `stop` (at most STRIDE), with FS at most
 * PACKED_FS. Returns the position in the first stream.
 */
function pairCodes<T>(
  endA: usize,
  startA: i32,
  limitA: i32,
  fsA: i32,
  rowA: usize,
  endB: usize,
  startB: i32,
  limitB: i32,
  fsB: i32,
  rowB: usize,
  from: i32,
  stop: i32,
): i32 {
  let pA = startA;
  let pB = startB;
  let i = from;
  const lowA = <u64>(63 - fsA);
  const pastA = <u64>(fsA + 1);
  const lowB = <u64>(63 - fsB);
  const pastB = <u64>(fsB + 1);
  const liftA = (<u64>1 << <u64>fsA) * 0x0001_0001_0001_0001;
  const liftB = (<u64>1 << <u64>fsB) * 0x0001_0001_0001_0001;
  let lastA = everywhere<T>(load<T>(at<T>(rowA, i - 1)));
  let lastB = everywhere<T>(load<T>(at<T>(rowB, i - 1)));
  if (sizeof<T>() != 4) lastA = v128.shuffle<u64>(lastA, lastB, 0, 2);
  while (i + 4 <= stop) {
    let a = window(endA, pA);
    let b = window(endB, pB);
    let z = clz(a);
    a <<= z;
    let zerosA = z;
    let wordA = a >> lowA;
    a <<= pastA;
    let y = clz(b);
    b <<= y;
    let zerosB = y;
    let wordB = b >> lowB;
    b <<= pastB;

    z = clz(a);
    a <<= z;
    let lengthA = zerosA + z;
    zerosA |= z << 16;
    wordA |= (a >> lowA) << 16;
    a <<= pastA;
    y = clz(b);
    b <<= y;
    let lengthB = zerosB + y;
    zerosB |= y << 16;
    wordB |= (b >> lowB) << 16;
    b <<= pastB;

    z = clz(a);
    a <<= z;
    lengthA += z;
    zerosA |= z << 32;
    wordA |= (a >> lowA) << 32;
    a <<= pastA;
    y = clz(b);
    b <<= y;
    lengthB += y;
    zerosB |= y << 32;
    wordB |= (b >> lowB) << 32;
    b <<= pastB;

    z = clz(a);
    a <<= z;
    lengthA += z + 4 * pastA;
    zerosA |= z << 48;
    wordA |= (a >> lowA) << 48;
    y = clz(b);
    b <<= y;
    lengthB += y + 4 * pastB;
    zerosB |= y << 48;
    wordB |= (b >> lowB) << 48;

    if (lengthA > <u64>WINDOW || lengthB > <u64>WINDOW) {
      for (const after = i + 4; i < after; i++) {
        pA = one<T>(endA, pA, limitA, fsA, at<T>(rowA, i));
        pB = one<T>(endB, pB, limitB, fsB, at<T>(rowB, i));
      }
      if (pA > limitA || pB > limitB) {
        positionB = pB;
        return pA;
      }
      lastA = everywhere<T>(load<T>(at<T>(rowA, i - 1)));
      lastB = everywhere<T>(load<T>(at<T>(rowB, i - 1)));
      if (sizeof<T>() != 4) lastA = v128.shuffle<u64>(lastA, lastB, 0, 2);
      continue;
    }
    pA += <i32>lengthA;
    pB += <i32>lengthB;
    wordA += (zerosA << <u64>fsA) - liftA;
    wordB += (zerosB << <u64>fsB) - liftB;
    const steps = unfolded(i64x2.replace_lane(i64x2.splat(wordA), 1, wordB));
    if (sizeof<T>() == 4) {
      lastA = put4<T>(at<T>(rowA, i), steps, lastA);
      lastB = put4<T>(at<T>(rowB, i), v128.shuffle<u64>(steps, steps, 1, 1), lastB);
    } else {
      let sum = i16x8.add(steps, i64x2.shl(steps, 16));
      sum = i16x8.add(sum, i64x2.shl(sum, 32));
      sum = i16x8.add(sum, lastA);
      v128.store64_lane(at<T>(rowA, i), sum, 0);
      v128.store64_lane(at<T>(rowB, i), sum, 1);
      lastA = v128.shuffle<u16>(sum, sum, 3, 3, 3, 3, 7, 7, 7, 7);
    }
    i += 4;
  }
  for (; i < stop; i++) {
    pA = one<T>(endA, pA, limitA, fsA, at<T>(rowA, i));
    pB = one<T>(endB, pB, limitB, fsB, at<T>(rowB, i));
  }
  positionB = pB;
  return pA;
}

/** Decodes two tiles at once. Returns whether both are valid. */
export function pair<T>(
  endA: usize,
  lengthA: i32,
  rowA: usize,
  endB: usize,
  lengthB: i32,
  rowB: usize,
  count: i32,
  blocksize: i32,
): bool {
  const limitA = lengthA * 8;
  const limitB = lengthB * 8;
  let pA: i32 = sizeof<T>() * 8;
  let pB = pA;
  if (pA > limitA || pB > limitB) return false;
  store<T>(rowA - sizeof<T>(), <T>bits(endA, 0, sizeof<T>() * 8));
  store<T>(rowB - sizeof<T>(), <T>bits(endB, 0, sizeof<T>() * 8));
  for (let i = 0; i < count; ) {
    const stop = min(i + blocksize, count);
    const fsA = <i32>bits(endA, pA, fsBits<T>()) - 1;
    const fsB = <i32>bits(endB, pB, fsBits<T>()) - 1;
    if (<u32>fsA <= <u32>PACKED_FS && <u32>fsB <= <u32>PACKED_FS) {
      pA += fsBits<T>();
      pB += fsBits<T>();
      for (; i < stop; i += STRIDE) {
        pA = pairCodes<T>(endA, pA, limitA, fsA, rowA, endB, pB, limitB, fsB, rowB, i, min(i + STRIDE, stop));
        pB = positionB;
        if (pA > limitA || pB > limitB) return false;
      }
    } else {
      pA = block<T>(endA, pA, limitA, rowA, i, stop);
      if (pA < 0) return false;
      pB = block<T>(endB, pB, limitB, rowB, i, stop);
      if (pB < 0) return false;
    }
    i = stop;
  }
  return true;
}
