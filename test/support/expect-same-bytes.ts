import { expect } from "vitest";

/**
 * Like expect(got).toEqual(wanted) for typed arrays, which takes a microsecond per element; NaN
 * must have the same bits.
 */
export function expectSameBytes<T extends NodeJS.TypedArray>(got: T, wanted: T): void {
  const bytes = (array: T) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  if (got.constructor !== wanted.constructor || !bytes(got).equals(bytes(wanted)))
    expect(got).toEqual(wanted);
}
