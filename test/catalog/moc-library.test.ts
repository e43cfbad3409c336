import { expect, it } from "vitest";
import { mocLibrary } from "../../src/catalog/sky-coverage/moc-library.ts";

const SQUARE = Float64Array.from([9.7, 19.5, 10.3, 19.5, 10.3, 20.5, 9.7, 20.5]);

it("a second evaluation of the MOC module works with the same library", async () => {
  const first = (await mocLibrary()).fromPolygon(10, SQUARE, false);
  const fits = first.toFits();
  // a query makes it another module
  const other = "../../src/catalog/sky-coverage/moc-library.ts?again";
  const again = (await import(other)) as { readonly mocLibrary: typeof mocLibrary };
  expect(again.mocLibrary).not.toBe(mocLibrary);
  const second = (await again.mocLibrary()).fromPolygon(10, SQUARE, false);
  expect(Buffer.from(second.toFits().subarray(0, 9)).toString()).toBe("SIMPLE  =");
  expect(second.toFits()).toEqual(fits);
  expect(second.toAscii()).toBe(first.toAscii());
  first.free();
  second.free();
});
