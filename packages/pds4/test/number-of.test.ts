import { expect, test } from "vitest";
import { numberOf, type XmlElement } from "../src/xml/xml-element.ts";

const element = (text: string) => ({ text }) as XmlElement;

test.each([
  ["1", 1],
  ["-1.", -1],
  ["+.5e-3", 0.0005],
  ["1e999", undefined],
  ["1.2.3", undefined],
  [".", undefined],
  ["0x10", undefined],
])("the text %j of an element is the number %s", (text, value) => {
  expect(numberOf(element(text))).toBe(value);
});

test.each(["", "x", ".", ".x", "e"])("120,000 digits and '%s' are not a number", (end) => {
  expect(numberOf(element("1".repeat(120_000) + end))).toBeUndefined();
});
