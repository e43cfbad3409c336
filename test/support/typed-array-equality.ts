import { expect } from "vitest";

const bytes = (array: NodeJS.TypedArray) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

// Matchers compare typed arrays element by element, which takes a microsecond each. Arrays of one
// type with the same bytes are equal by any rule; others are left to the matchers.
const ADDED = Symbol.for("typed arrays are compared as bytes");
if (!(ADDED in globalThis)) {
  // once per worker, whose files share the testers
  Object.assign(globalThis, { [ADDED]: true });
  expect.addEqualityTesters([
    (a: unknown, b: unknown) => {
      if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor)
        return undefined;
      return bytes(a as NodeJS.TypedArray).equals(bytes(b as NodeJS.TypedArray)) ? true : undefined;
    },
  ]);
}
