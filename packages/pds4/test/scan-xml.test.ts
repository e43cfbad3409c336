import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draws } from "../../../test/support/draws.ts";
import { corners, makeLabel } from "../../../test/support/inputs/make-label.ts";
import { isPlainAscii } from "../src/xml/decode-xml.ts";
import { parseXml } from "../src/xml/parse-xml.ts";
import { scanXml } from "../src/xml/scan-xml.ts";

/** The full parser's tree, or undefined when it refuses the document. */
function parsed(text: string) {
  try {
    return parseXml(text);
  } catch {
    return undefined;
  }
}

const label = makeLabel({ discipline: corners([[1, 1]]), title: "a &amp; b &#x3bc;\n  c" });
const variants: readonly (readonly [string, string])[] = [
  ["as surveys write them", label],
  ["with line ends of DOS", label.replaceAll("\n", "\r\n")],
  ["with line ends of old computers", label.replaceAll("\n", "\r")],
  ["with comments and instructions", label.replace("<title>", "<!-- a - b --><?x y?><title><!---->")],
  ["with data in pieces", label.replace("<title>", "<title>one <b> x </b>\n <c/>\t two <?p?>")],
  ["with attributes in all quotes", label.replace("<title>", "<title a='1\"' b=\"'\n\t>\" c=''>")],
  ["with opaque parts", label.replace("<title>", "<Reference_List> a <b>&lt;</b></Reference_List><title>")],
  ["beyond ASCII", label.replace("made.survey", "mäde.ſurvey").replace("Multiple", "\u00a0Ж\ufeff 日")],
];

it("bytes are plain if they are ASCII without control characters (checked byte by byte)", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.nat(255), fc.nat(40), (few, byte, at) => {
      const bytes = new Uint8Array(41).fill(0x61);
      bytes.set(few.map((value) => (value % 96) + 0x20 - (value % 31 === 0 ? 22 : 0)));
      if (byte % 2 === 0) bytes[at] = byte;
      const plain = bytes.every((value) => value < 128 && (value >= 32 || [9, 10, 13].includes(value)));
      expect(isPlainAscii(bytes)).toBe(plain);
    }),
    { numRuns: draws(3000), seed: 7 },
  );
});

describe("the fast label scanner", () => {
  it.each(variants)("the fast scanner gives the full parser's tree for labels %s", (_, text) => {
    expect(parsed(text)).toBeDefined();
    expect(scanXml(text) ?? parsed(text)).toEqual(parsed(text));
  });

  it.each(variants.slice(0, 4))("the fast scanner handles labels %s", (_, text) => {
    expect(scanXml(text)).toBeDefined();
  });

  it.each([
    ["a document type", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ["XML 1.1", '<?xml version="1.1"?><a/>'],
    ["two roots", "<a/><b/>"],
    ["text after the root", "<a/>b"],
    ["text before the root", "b<a/>"],
    ["an open element", "<a><b></b>"],
    ["crossed elements", "<a><b></a></b>"],
    ["a name that goes on", "<a></ab>"],
    ["an attribute twice", '<a b="1" b="2"/>'],
    ["attributes without a blank", '<a b="1"c="2"/>'],
    ["< in an attribute", '<a b="<"/>'],
    ["an entity of nobody", "<a>&nbsp;</a>"],
    ["an opaque entity of nobody", "<a><Reference_List>&nbsp;</Reference_List></a>"],
    ["a bare ampersand", "<a>b & c</a>"],
    ["a forbidden reference", "<a>&#8;</a>"],
    ["a control character", "<a>\u0008</a>"],
    ["a control character in a comment", "<a><!-- \u0008 --></a>"],
    ["half a character", "<a>\ud800</a>"],
    ["]]> in text", "<a>]]></a>"],
    ["-- in a comment", "<a><!-- -- --></a>"],
    ["an instruction called xml", "<a><?xml version='1.0'?></a>"],
    ["a late XML declaration", ' <?xml version="1.0"?><a/>'],
    ["nothing", ""],
    ["nothing but white space", " \n"],
  ])("the fast scanner leaves %s to the full parser", (_, text) => {
    expect(scanXml(text)).toBeUndefined();
  });

  it("a full tag cache still gives correct trees, and keeps nothing but tags", () => {
    for (let i = 0; i < 5000; i += 1) {
      const text = `<a${i} b="${i}"><c/></a${i}>`;
      expect(scanXml(text)).toEqual(parsed(text));
    }
  });

  it("the fast scanner agrees with the full parser or leaves mutated labels to it (seeded)", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ..."<>&;/!?-=\"' \r\n\t]:\0\u0085\u00a0\ufffe",
        "]]>",
        "<!-- c -->",
        "<?p i?>",
        "\r\n",
        "é",
        "word",
        "<!--",
        "-->",
        "<![CDATA[",
        "<?xml ?>",
        "<a>",
        "</a>",
        "<a/>",
        "&#65;",
        "&#x10FFFF;",
        '<p:a b="1">',
        "</p:a>",
        " xmlns='x'",
      ),
      fc.string({ maxLength: 3 }),
    );
    const change = fc.record({
      at: fc.nat(1 << 20),
      drop: fc.oneof(fc.constant(0), fc.nat(12)),
      put: piece,
    });
    let agreed = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...variants),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        ([, original], changes) => {
          let text = original;
          for (const { at, drop, put } of changes) {
            const from = at % text.length;
            text = text.slice(0, from) + put + text.slice(from + drop);
          }
          const scanned = scanXml(text, isPlainAscii(new TextEncoder().encode(text)));
          if (scanned === undefined) return;
          agreed += 1;
          expect(scanned).toEqual(parsed(text));
        },
      ),
      { numRuns: draws(20_000), seed: 7 },
    );
    expect(agreed).toBeGreaterThan(draws(20_000) / 20);
  });
});
