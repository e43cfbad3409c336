import { expect, test } from "vitest";
import { csvTable } from "../../../src/http/responses/tables.ts";

const cell = (text: string) => csvTable(["a"], [[text]]).slice("a\r\n".length, -"\r\n".length);

test.each([
  ["=1+1", "'=1+1"],
  ["+A1", "'+A1"],
  ["-A1", "'-A1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\r=x", '"\'\r=x"'],
  ["  =x", "'  =x"],
  ['"=x', `"'""=x"`],
  ["\uff1dx", "'\uff1dx"],
  ["-1-1", "'-1-1"],
  ["-1 +A1", "'-1 +A1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
])("a cell %j, which a spreadsheet would run, becomes %j (OWASP, CSV Injection)", (text, written) => {
  expect(cell(text)).toBe(written);
});

test.each(["-1", "+1.5", "-1e-7", "1e+21", "-0.5 12 -3.25", "2021-04-01", "a=b", "o", "", "urn:x"])(
  "a number or plain text %j is unchanged in CSV (RFC 4180)",
  (text) => expect(cell(text)).toBe(text),
);
