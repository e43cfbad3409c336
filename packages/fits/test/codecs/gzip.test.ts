import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../../src/errors/sis-error.ts";
import { draws } from "../../../../test/support/draws.ts";
import { gzip1, gzip2 } from "../../src/codecs/deflate/gzip.ts";
import { inflateBytes } from "../../src/codecs/deflate/inflate.ts";
import { nocompress } from "../../src/codecs/tile/nocompress.ts";
import { tileCodec } from "../../src/codecs/tile/registry.ts";
import { bytesOf, newPixels, pixelsOf, sameBytes, tilesOf } from "./tile-fixtures.ts";

const codecs = [gzip1, gzip2, nocompress];

describe.each(codecs)("$name", (codec) => {
  it.each(tilesOf(codec.name))("GZIP decodes big-endian bytes from numpy: $name", (tile) => {
    const expected = pixelsOf(tile.type, tile.pixels);
    const out = newPixels(tile.type, expected.length);
    codec.decode(bytesOf(tile.data), out, { tileLength: out.length, count: out.length });
    expect(sameBytes(out, expected)).toBe(true);
    const some = newPixels(tile.type, 10);
    codec.decode(bytesOf(tile.data), some, { tileLength: out.length, count: 10 });
    expect(sameBytes(some, expected.subarray(0, 10))).toBe(true);
  });

  it.each(tilesOf("GZIP_1"))("a GZIP tile survives encoding and decoding: $name", (tile) => {
    const pixels = pixelsOf(tile.type, tile.pixels);
    const out = newPixels(tile.type, pixels.length);
    codec.decode(codec.encode!(pixels, {}), out, { tileLength: out.length, count: out.length });
    expect(sameBytes(out, pixels)).toBe(true);
  });

  it("GZIP pixels of any type and level survive encoding and decoding, even if only the first ones are read (fast-check)", () => {
    const property = fc.property(
      fc.constantFrom("uint8", "int16", "int32", "int64", "float32", "float64"),
      fc.uint8Array({ minLength: 8, maxLength: 4000 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      (type, bytes, level, some) => {
        const pixels = newPixels(type, Math.floor(bytes.length / 8));
        new Uint8Array(pixels.buffer).set(bytes.subarray(0, pixels.byteLength));
        const count = some % (pixels.length + 1);
        const out = newPixels(type, count);
        codec.decode(codec.encode!(pixels, { level }), out, { tileLength: pixels.length, count });
        expect(sameBytes(out, pixels.subarray(0, count))).toBe(true);
      },
    );
    fc.assert(property, { numRuns: draws(200) });
  });

  it("a GZIP tile of the wrong length is refused", () => {
    const data = codec.encode!(new Int16Array(99), {});
    const read = () => codec.decode(data, new Int16Array(100), { tileLength: 100, count: 100 });
    expect(read).toThrow(expect.objectContaining({ code: "FITS_TILE_CORRUPT" }));
  });

  it("arbitrary bytes as a GZIP tile give pixels or a typed error (fast-check)", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, wrapped) => {
      const input = wrapped ? new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...bytes]) : bytes;
      try {
        codec.decode(input, new Int32Array(60), { tileLength: 60, count: 60 });
      } catch (error) {
        expect(isSisError(error, "FITS_TILE_CORRUPT", "FITS_UNSUPPORTED")).toBe(true);
      }
    });
    fc.assert(property, { numRuns: draws(1500) });
  });
});

describe("inflateBytes", () => {
  it("inflateBytes reads the output of zlib, with a name in its header, up to the limit and no further", () => {
    const plain = Buffer.from("shuffled bytes ".repeat(500));
    const packed = gzipSync(plain);
    const named = Buffer.concat([
      packed.subarray(0, 3),
      Buffer.of(8),
      packed.subarray(4, 10),
      Buffer.from("tile\0"),
      packed.subarray(10),
    ]);
    expect(gunzipSync(named)).toEqual(plain);
    expect(Buffer.from(inflateBytes(named, plain.length, "gzip"))).toEqual(plain);
    expect(() => inflateBytes(named, plain.length - 1, "gzip")).toThrow(
      expect.objectContaining({ code: "FITS_TILE_CORRUPT" }),
    );
  });

  it("inflateBytes does not unpack a bomb", () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000));
    expect(() => inflateBytes(bomb, 1000, "gzip")).toThrow(/more than the 1000 bytes/);
  });

  it("inflateBytes reads only the first member, as cfitsio does", () => {
    const two = Buffer.concat([gzipSync(Buffer.from("one")), gzipSync(Buffer.from("two"))]);
    expect(Buffer.from(inflateBytes(two, 100, "gzip")).toString()).toBe("one");
  });
});

describe("tileCodec", () => {
  it("tileCodec accepts the names of the standard and the old name of RICE_1", () => {
    expect(tileCodec("RICE_ONE").name).toBe("RICE_1");
    expect(tileCodec("GZIP_2")).toBe(gzip2);
    expect(() => tileCodec("BZIP2_1")).toThrow(expect.objectContaining({ code: "FITS_UNSUPPORTED" }));
  });
});
