import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeImage } from "../../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import type { HduKind } from "../../../packages/fits/src/file/hdu.ts";
import { axisLengths, type Hdu } from "../../../packages/fits/src/file/hdu.ts";
import { headerInteger, headerNumber } from "../../../packages/fits/src/header/header.ts";
import { physicalValues } from "../../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../../packages/fits/src/read/section-plan.ts";
import type { ByteSource } from "../../../packages/fits/src/source/byte-source.ts";
import { openSource } from "../../../src/archive/source/open-source.ts";
import { sharedFolder } from "../../support/oracles.ts";

interface Row {
  readonly path: string;
  /** Undefined where astropy could not open the file. */
  readonly hdu: number | undefined;
  readonly type: string;
  readonly bitpix: number;
  readonly shape: readonly number[];
  readonly encoding: string;
  readonly values: { readonly sum: number; readonly first: number; readonly nan: number } | undefined;
  /** The message of astropy if it gives no values. */
  readonly remark: string;
}

const data = sharedFolder("data");
const table = data === undefined ? "" : readFileSync(join(data, "CATALOGUE_astropy7.tsv"), "utf8");
const rows = table
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line): Row => {
    const [path = "", hdu, type = "", shape = "", encoding = "", values = ""] = line.split("\t");
    const said = /sum=(\S+) first=(\S+) nan=(\d+)/.exec(values);
    const [, bitpix, axes] = /^Z?BITPIX=(-?\d+) \[([\d, ]*)\]$/.exec(shape) ?? [];
    return {
      path,
      hdu: hdu === "-" ? undefined : Number(hdu),
      type,
      bitpix: Number(bitpix),
      shape: axes ? axes.split(", ").map(Number) : [],
      encoding,
      values:
        said === null ? undefined : { sum: Number(said[1]), first: Number(said[2]), nan: Number(said[3]) },
      remark: values,
    };
  });

const KINDS: Readonly<Record<string, HduKind>> = {
  PrimaryHDU: "image",
  ImageHDU: "image",
  CompImageHDU: "bintable",
  BinTableHDU: "bintable",
  TableHDU: "table",
  GroupsHDU: "groups",
  // SIMPLE = F: astropy does not look further; the HDU is an image like any other
  _NonstandardHDU: "image",
};

/** Why a row has no values, according to the row; undefined if there is no good reason. */
function reasonForNone({ type, shape, remark }: Row): string | undefined {
  if (type === "BinTableHDU" || type === "TableHDU") return "a table: listed, its columns are described";
  if (type === "GroupsHDU") return "random groups: listed, their parameters and arrays are not read";
  if (shape.length === 0) return "no axes";
  if (shape.includes(0)) return `an axis of no pixels (${remark})`;
  return undefined;
}

async function withFile<T>(path: string, work: (source: ByteSource, hdus: readonly Hdu[]) => Promise<T>) {
  const source = await openSource(join(data!, path));
  try {
    return await work(source, (await openFits(source)).hdus);
  } finally {
    source.close();
  }
}

async function statistics(source: ByteSource, hdu: Hdu) {
  const image = await describeImage(source, hdu);
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
  return { image, sum, first: Number(values[0]), nan };
}

describe.runIf(data !== undefined)("real files, compared with astropy's table", () => {
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const opened = rows.filter(({ hdu }) => hdu !== undefined);
  const images = opened.filter(({ values }) => values !== undefined);
  const others = opened.filter(({ values }) => values === undefined);

  beforeAll(() => expect(rows.length).toBe(199));
  afterAll(() => console.log(Object.fromEntries(counts)));

  it.each(opened)(
    "$path HDU $hdu has the kind, BITPIX, axes and scaling that astropy reads",
    async ({ path, hdu: index, ...row }) => {
      await withFile(path, async (source, hdus) => {
        const hdu = hdus[index!]!;
        const { header } = hdu;
        expect(hdu.kind).toBe(KINDS[row.type]);
        const prefix = row.type === "CompImageHDU" ? "Z" : "";
        expect(headerInteger(header, `${prefix}BITPIX`)).toBe(row.bitpix);
        // astropy gives empty random groups the axis of length 0 that they should have; the header
        // has none
        const axes = axisLengths(header, `${prefix}NAXIS` as "NAXIS");
        expect(hdu.kind === "groups" && axes.length === 0 ? [0] : axes).toEqual(row.shape);
        for (const [, keyword, value] of row.encoding.matchAll(/(BSCALE|BZERO|BLANK)=(\S+)/g)) {
          expect(headerNumber(header, keyword!)).toBe(value === "None" ? undefined : Number(value));
        }
        const image = await describeImage(source, hdu);
        const [, codec, tile] = /^(\w+) tile=([\dx]+)/.exec(row.encoding) ?? [];
        if (codec !== undefined)
          expect(image?.storage).toMatchObject({ codec, tile: tile!.split("x").map(Number) });
        count("rows with the kind, BITPIX, axes and scaling of the table");
      });
    },
  );

  it.each(images)(
    "$path HDU $hdu has the sum, first pixel and NaNs that astropy reads",
    async ({ path, hdu, shape, values }) => {
      const found = await withFile(path, (source, hdus) => statistics(source, hdus[hdu!]!));
      const { sum, first, nan } = values!;
      expect(found.image.naxis).toEqual(shape);
      expect(found.nan).toBe(nan);
      const tolerance = Math.max(1e-9, Math.abs(sum) * 2e-6);
      if (Number.isFinite(sum)) expect(Math.abs(found.sum - sum)).toBeLessThanOrEqual(tolerance);
      if (Number.isNaN(first)) expect(found.first).toBeNaN();
      else expect(Math.abs(found.first - first)).toBeLessThanOrEqual(Math.abs(first) * 1e-8);
      count("images with the values of the table");
    },
  );

  it.each(others)("$path HDU $hdu has no values in astropy's table, and a reason here", async (row) => {
    const reason = reasonForNone(row);
    expect(reason).toBeDefined();
    await withFile(row.path, async (source, hdus) => {
      expect(await describeImage(source, hdus[row.hdu!]!)).toBeUndefined();
    });
    count(reason!.replace(/ \(.*/, ""));
  });

  it("a file packed by compress, which astropy cannot open, is read", async () => {
    const [refused, ...more] = rows.filter(({ hdu }) => hdu === undefined);
    expect(more).toEqual([]);
    expect(refused).toMatchObject({ path: "astropy/io-fits/lzw.fits.Z", type: "OPENERR" });
    const { image, nan } = await withFile(refused!.path, (source, hdus) => statistics(source, hdus[0]!));
    expect(image.naxis).toEqual([101, 101]);
    expect(nan).toBe(0);
    count("files that only we open");
  });
});
