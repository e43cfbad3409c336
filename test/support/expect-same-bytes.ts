import { expect } from "vitest";

/** As expect(got).toEqual(wanted) of typed arrays, which takes a microsecond for each element; NaN must have the same bits. */
export function expectSameBytes<T extends NodeJS.TypedArray>(got: T, wanted: T): void {
  const bytes = (array: T) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  if (got.constructor !== wanted.constructor || !bytes(got).equals(bytes(wanted)))
    expect(got).toEqual(wanted);
}
