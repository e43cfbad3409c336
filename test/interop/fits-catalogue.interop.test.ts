import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFits } from "../../src/fits/fits-file.ts";
import { describeImage } from "../../src/fits/image-description.ts";
import { physicalValues } from "../../src/fits/physical-values.ts";
import { readSection } from "../../src/fits/read-section.ts";
import { planSection } from "../../src/fits/section-plan.ts";
import { openFileSource } from "../../src/storage/file-source.ts";
import { sharedFolder } from "../support/oracles.ts";

interface Row {
  readonly path: string;
  readonly hdu: number;
  readonly shape: readonly number[];
  readonly sum: number;
  readonly first: number;
  readonly nan: number;
}

const data = sharedFolder("data");

/** Rows of images with values, NAXIS1 first. */
function imageRows(table: string): readonly Row[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line): Row[] => {
      const [path, hdu, , shape, , values] = line.split("\t");
      const match = /sum=(\S+) first=(\S+) nan=(\d+)/.exec(values ?? "");
      const axes = /\[([\d, ]+)\]/.exec(shape ?? "")?.[1];
      if (path === undefined || match === null || axes === undefined) return [];
      return [
        {
          path,
          hdu: Number(hdu),
          shape: axes.split(", ").map(Number),
          sum: Number(match[1]),
          first: Number(match[2]),
          nan: Number(match[3]),
        },
      ];
    });
}

async function statistics(path: string, hdu: number) {
  const source = await openFileSource(path);
  try {
    const file = await openFits(source);
    const image = await describeImage(source, file.hdus[hdu]!);
    if (image === undefined) throw new Error("no image");
    const plan = planSection(image, { start: image.naxis.map(() => 0), shape: image.naxis });
    const values = physicalValues(image, await readSection(source, plan));
    let sum = 0;
    let nan = 0;
    for (const value of values) {
      const number = Number(value);
      if (Number.isNaN(number)) nan++;
      else sum += number;
    }
    return { shape: image.naxis, sum, first: Number(values[0]), nan };
  } finally {
    source.close();
  }
}

describe.runIf(data !== undefined)(
  "images of the real files give the shape, sum, first pixel and NaNs of astropy's table",
  () => {
    const rows =
      data === undefined ? [] : imageRows(readFileSync(join(data, "CATALOGUE_astropy7.tsv"), "utf8"));

    it("has rows", () => expect(rows.length).toBe(88));

    it.each(rows)("$path HDU $hdu", async ({ path, hdu, shape, sum, first, nan }) => {
      const found = await statistics(join(data!, path), hdu);
      expect(found.shape).toEqual(shape);
      expect(found.nan).toBe(nan);
      const tolerance = Math.max(1e-9, Math.abs(sum) * 2e-6);
      if (Number.isFinite(sum)) expect(Math.abs(found.sum - sum)).toBeLessThanOrEqual(tolerance);
      if (Number.isNaN(first)) expect(found.first).toBeNaN();
      else expect(Math.abs(found.first - first)).toBeLessThanOrEqual(Math.abs(first) * 1e-8);
    });
  },
);
