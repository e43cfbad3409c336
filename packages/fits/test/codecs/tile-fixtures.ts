import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { decodeRiceRows } from "../../src/codecs/rice/rice.ts";
import { encodeRice } from "../../src/codecs/rice/rice-encode.ts";
import { StoredRows } from "../../src/codecs/tile/stored-rows.ts";
import type { RowTiles, TilePixels } from "../../src/codecs/tile/tile-codec.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { QuantizeMethod, RowQuantization, TileQuantization } from "../../src/quantize/quantize.ts";

const types = {
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/**
 * A tile of test/fixtures/fits/tiles.json; `pixels` is deflated bytes, or a digest of the pixels.
 */
export interface TileFixture {
  readonly name: string;
  readonly codec: string;
  readonly data: string;
  readonly type: keyof typeof types;
  readonly count: number;
  readonly pixels: string;
  readonly bytepix?: number;
  readonly blocksize?: number;
  readonly bitpix?: number;
  readonly rowLength?: number;
  readonly smooth?: boolean;
}

interface QuantizedFixture {
  readonly name: string;
  readonly type: "float32" | "float64";
  readonly pixels: string;
  readonly rowLength: number;
  readonly level: number;
  readonly method: QuantizeMethod;
  readonly tileRow: number;
  readonly ints: string;
  readonly scale: number;
  readonly zero: number;
  readonly floats: string;
  /** Whether some pixels are NaN; `floats` has 0 for them. */
  readonly blank?: boolean;
}

const fixtures = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/fits/tiles.json", import.meta.url), "utf8"),
) as { readonly tiles: readonly TileFixture[]; readonly quantised: readonly QuantizedFixture[] };

/** The tiles of one codec. */
export function tilesOf(codec: string): readonly TileFixture[] {
  return fixtures.tiles.filter((tile) => tile.codec === codec);
}

export const quantised = fixtures.quantised;

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

export function newPixels(type: keyof typeof types, count: number): TilePixels {
  return new types[type](count);
}

/** An array from a fixture's deflated bytes. */
export function pixelsOf(type: keyof typeof types, deflated: string): TilePixels {
  const bytes = new Uint8Array(inflateSync(Buffer.from(deflated, "base64")));
  return new types[type](bytes.buffer);
}

/** `pixels` in the fixture's form, for comparison with its text: a digest if that is one. */
export function summaryLike(expected: string, pixels: TilePixels): string {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  if (expected.startsWith("sha256:")) return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return Buffer.from(inflateSync(Buffer.from(expected, "base64"))).equals(bytes)
    ? expected
    : bytes.toString("base64");
}

export function sameBytes(a: TilePixels, b: TilePixels): boolean {
  const [x, y] = [a, b].map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength));
  return x!.equals(y!);
}

/**
 * Row tiles and where their pixels are stored: column `first` of tile i at outOffset + i *
 * outStride.
 */
export interface RowsIntoArray extends RowTiles {
  readonly out: TilePixels;
  readonly outOffset: number;
  readonly outStride: number;
}

/** Decodes row tiles of RICE_1 into an array, with a kernel or the plain twin. */
export function decodeRiceInto(
  { out, outOffset, outStride, ...rows }: RowsIntoArray,
  kernel: Kernel | undefined,
): void {
  decodeRiceRows(rows, new StoredRows(out, outOffset, outStride), kernel);
}

/** The columns of a row from `first` on, as a tile of RICE_1. */
export function oneTile(
  ints: Int32Array,
  first: number,
  {
    scale,
    zero,
    zblank,
    method,
    tileRow,
  }: Omit<TileQuantization, "zblank"> & Pick<RowQuantization, "zblank">,
): RowTiles {
  const bytes = encodeRice(ints, 32);
  return {
    bytes,
    offsets: [0],
    lengths: [bytes.length],
    tileLength: ints.length,
    first,
    end: ints.length,
    quantization: {
      scale: Float64Array.of(scale),
      zero: Float64Array.of(zero),
      zblank,
      method,
      tileRow: [tileRow],
    },
  };
}
