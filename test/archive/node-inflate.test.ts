import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeflateFormat } from "../../packages/fits/src/codecs/deflate/deflate-trailer.ts";
import { gzip1 } from "../../packages/fits/src/codecs/deflate/gzip.ts";
import { inflateBytes } from "../../packages/fits/src/codecs/deflate/inflate.ts";
import { nodeInflate } from "../../src/archive/node-inflate.ts";
import { isSisError } from "../../src/errors/sis-error.ts";
import { draws } from "../support/draws.ts";

const inflaters = [
  ["nodeInflate", nodeInflate],
  ["inflateBytes", inflateBytes],
] as const;
const formats: readonly (readonly [DeflateFormat, (bytes: Uint8Array, level: number) => Uint8Array])[] = [
  ["gzip", (bytes, level) => gzipSync(bytes, { level })],
  ["zlib", (bytes, level) => deflateSync(bytes, { level })],
];
const corrupt = expect.objectContaining({ code: "FITS_TILE_CORRUPT" });

/**
 * Bytes that are partly noise, some of them much larger than one piece of either implementation.
 */
const plainBytes = fc
  .record({ length: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 400_000 })), bits: fc.nat({ max: 8 }) })
  .map(({ length, bits }) =>
    Uint8Array.from({ length }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & ((1 << bits) - 1)),
  );

/** 20 and 60 MB of zeros in each format. */
const bombs = new Map(
  formats.map(([format, pack]) => [
    format,
    [pack(new Uint8Array(20_000_000), 9), pack(new Uint8Array(60_000_000), 1)],
  ]),
);

describe.each(inflaters)("%s", (_, inflate) => {
  it.each(formats)(
    "nodeInflate returns what zlib compressed, and ignores trailing junk: %s",
    (format, pack) => {
      const property = fc.property(
        plainBytes,
        fc.nat({ max: 9 }),
        fc.uint8Array({ maxLength: 20 }),
        (plain, level, junk) => {
          const packed = new Uint8Array(Buffer.concat([pack(plain, level), junk]));
          const read = inflate(packed, plain.length, format);
          expect(Buffer.compare(read, plain)).toBe(0);
          if (plain.length > 0) expect(() => inflate(packed, plain.length - 1, format)).toThrow(/more than/);
        },
      );
      fc.assert(property, { numRuns: 40 });
    },
  );

  it.each(formats)("nodeInflate does not unpack a decompression bomb, small or large: %s", (format) => {
    for (const bomb of bombs.get(format)!) {
      expect(() => inflate(bomb, 1000, format)).toThrow(/more than the 1000 bytes allowed/);
    }
  });

  it.each(formats)(
    "nodeInflate allocates no memory for a maximum that so few bytes cannot reach: %s",
    (format, pack) => {
      expect(Buffer.from(inflate(pack(Buffer.from("few"), 1), 1e15, format)).toString()).toBe("few");
    },
  );

  it.each(formats)("nodeInflate reports truncated data and wrong checksums: %s", (format, pack) => {
    const packed = pack(Buffer.from("pixels and more pixels".repeat(9)), 1);
    for (let length = 0; length < packed.length; length++) {
      expect(() => inflate(packed.subarray(0, length), 1000, format)).toThrow(corrupt);
    }
    for (let i = packed.length - 4; i < packed.length; i++) {
      const other = Uint8Array.from(packed, (byte, k) => (k === i ? byte ^ 16 : byte));
      expect(() => inflate(other, 1000, format)).toThrow(corrupt);
    }
  });

  it("nodeInflate reads only the first of several members", () => {
    const two = new Uint8Array(Buffer.concat([gzipSync("one"), gzipSync("two")]));
    expect(Buffer.from(inflate(two, 3, "gzip")).toString()).toBe("one");
  });

  it("nodeInflate decodes a GZIP_1 tile", () => {
    const pixels = Int16Array.from({ length: 500 }, (_, i) => (i * i) % 997);
    const out = new Int16Array(500);
    gzip1.decode(gzip1.encode!(pixels, {}), out, { tileLength: 500, count: 500, inflate });
    expect(out).toEqual(pixels);
  });
});

it("nodeInflate refuses damaged data or returns what zlib compressed; inflateBytes reads everything that nodeInflate reads", () => {
  const plain = "0123456789abcdef-".repeat(40);
  const seeds = formats.flatMap(([format, pack]) =>
    [0, 1, 9].map((level) => [format, pack(Buffer.from(plain), level)] as const),
  );
  const outcome = (inflate: typeof nodeInflate, bytes: Uint8Array, format: DeflateFormat) => {
    try {
      return Buffer.from(inflate(bytes, 900, format)).toString("latin1");
    } catch (error) {
      expect(isSisError(error, "FITS_TILE_CORRUPT")).toBe(true);
      return "refused";
    }
  };
  const property = fc.property(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
    ([format, packed], changes) => {
      const bytes = new Uint8Array(packed);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const [node, pure] = [outcome(nodeInflate, bytes, format), outcome(inflateBytes, bytes, format)];
      expect(["refused", plain]).toContain(pure);
      expect(["refused", pure]).toContain(node);
    },
  );
  fc.assert(property, { numRuns: draws(3000) });
});
