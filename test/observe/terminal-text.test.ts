import { expect, test } from "vitest";
import { terminalLine, terminalText } from "../../src/observe/terminal-text.ts";

test.each([
  ["\u001b]0;title\u0007", "\\u001b]0;title\\u0007"],
  ["\u009b31mred", "\\u009b31mred"],
  ["over\rwritten\b", "over\\u000dwritten\\u0008"],
  ["exe\u202egnp.fits", "exe\\u202egnp.fits"],
  ["a\u{e0041}b\ud800", "a\\u{e0041}b\\ud800"],
  ["Čerenkov 星 😀", "Čerenkov 星 😀"],
])(
  "%j is shown on a terminal without control sequences (ISO 6429, Unicode general categories)",
  (raw, shown) => {
    expect(terminalText(raw)).toBe(shown);
  },
);

test("text of several lines keeps its line breaks, a name loses them", () => {
  expect(terminalText("a\n\tb")).toBe("a\n\tb");
  expect(terminalLine("a\nb")).toBe("a\\u000ab");
});
