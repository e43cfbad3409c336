import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { zscale } from "../../../packages/imaging/src/interval/zscale.ts";
import { numericPixels, type PixelArray } from "../../../packages/imaging/src/render/pixel-array.ts";
import { askPython, oraclePython, sharedFolder } from "../../support/oracles.ts";

const data = sharedFolder("data");
const table = sharedFolder("data", "EXPECTED_zscale_astropy7.tsv");
const folder = mkdtempSync(join(tmpdir(), "zscale-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Writes the arrays of the table as raw little-endian values, so that only zscale is compared, not
 * the reading of FITS.
 */
const WRITE_ARRAYS = `
import sys, json, warnings, pathlib
import numpy as np
from astropy.io import fits
warnings.simplefilter("ignore")
root, table, out = sys.argv[1:]
types = []
for i, line in enumerate(l for l in open(table) if not l.startswith(("#", "path\\t"))):
    path, hdu = line.split("\\t")[:2]
    values = np.ascontiguousarray(fits.open(pathlib.Path(root) / path, ignore_missing_simple=True)[int(hdu)].data)
    values.astype(values.dtype.newbyteorder("<")).tofile(f"{out}/{i}")
    types.append(values.dtype.name)
print(json.dumps(types))`;

const ARRAYS = {
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

function readArray(path: string, type: string): PixelArray {
  const bytes = new Uint8Array(readFileSync(path)).buffer;
  const ArrayType = ARRAYS[type as keyof typeof ARRAYS];
  if (ArrayType === undefined) throw new Error(`no array of ${type}`);
  return numericPixels(new ArrayType(bytes));
}

function close(got: number, expected: number): boolean {
  return Math.abs(got - expected) <= 1e-12 * Math.abs(expected);
}

describe.skipIf(data === undefined || table === undefined || oraclePython() === undefined)(
  "zscale of real images (skipped where the images or astropy are missing)",
  () => {
    it("zscale has both limits of astropy 7.0.1 to 1e-12 for every real image of the table", () => {
      const lines = readFileSync(table!, "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("path\t"));
      const types = askPython(WRITE_ARRAYS, data!, table!, folder) as string[];
      expect(types).toHaveLength(lines.length);
      const wrong: string[] = [];
      for (const [i, line] of lines.entries()) {
        const fields = line.split("\t");
        const levels = zscale(readArray(join(folder, String(i)), types[i]!));
        if (!levels || !close(levels.vmin, Number(fields[4])) || !close(levels.vmax, Number(fields[5]))) {
          wrong.push(
            `${fields[0]} ${fields[1]}: ${levels?.vmin} ${levels?.vmax}, not ${fields[4]} ${fields[5]}`,
          );
        }
      }
      console.log(`zscale: ${lines.length - wrong.length} of ${lines.length} images`);
      expect(wrong).toEqual([]);
    });
  },
);
