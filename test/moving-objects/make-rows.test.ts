import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  describeImage,
  memorySource,
  openFits,
  planSection,
  readSection,
} from "../../packages/fits/src/index.ts";
import { pixelToIcrs } from "../../packages/wcs/src/index.ts";
import { batchOptions } from "../../src/http/batch/batch-options.ts";
import { type ImageQuery, imageQuerySchema } from "../../src/http/images/image-query.ts";
import { imageRequest } from "../../src/http/images/image-request.ts";
import { compileQuery } from "../../src/http/requests/query-validator.ts";
import { rowFileName } from "../../src/moving-objects/batch-row.ts";
import { findFrames } from "../../src/moving-objects/find-frames.ts";
import { makeRow, type RowTools } from "../../src/moving-objects/make/make-row.ts";
import { rowRequests } from "../../src/moving-objects/make/row-products.ts";
import { planBatch } from "../../src/moving-objects/plan-batch.ts";
import { readList } from "../../src/moving-objects/read-list.ts";
import { type SkyArchive, skyArchive, skyLid } from "../support/inputs/sky-archive.ts";

const LIMITS = { rows: 2000, pixels: 4e8, side: 1024 };
const SIDE = 61;
let archive: SkyArchive;
let tools: RowTools;
const taken = new Map<string, Uint8Array>();

beforeAll(async () => {
  archive = await skyArchive(40);
  const { catalog, products } = archive;
  tools = {
    catalog,
    products,
    maximumCutoutSize: 1024,
    take: async ({ n }, format, bytes) => void taken.set(`${n}.${format}`, bytes),
  };
});
afterAll(async () => await archive.close());

async function plan(text: string, query: Record<string, string | string[]> = {}) {
  const list = readList(Buffer.from(text), "", { maximumRows: 2000, uncTheta: "theta" });
  const options = batchOptions({ size: `${SIDE}px`, ...query }, list);
  return {
    options,
    ...(await planBatch(await findFrames(archive.catalog, list.rows, options, LIMITS.rows), options, LIMITS)),
  };
}

const csv = (header: string, rows: readonly (readonly (string | number)[])[]) =>
  `${header}\n${rows.map((row) => row.join(",")).join("\n")}\n`;

/** Time of the middle of frame i: an exposure of 30 s. */
const middle = (index: number) => 59_000 + index / 24 + 15 / 86_400;
/** Right ascension of the middle of frame i of the first row, which is on the equator. */
const along = (index: number) => ((index - 9) * 0.95 + 360) % 360;

describe("frames of rows that name none", () => {
  test("a row with a time finds the frame that was exposed then, within 2 s and no more, and shows the position", async () => {
    const { rows } = await plan(
      csv("ra,dec,mjd", [
        [along(3), 0.1, middle(3)],
        [along(3), 0.1, middle(3) + 16.5 / 86_400],
        [along(3), 0.1, middle(3) + 18 / 86_400],
        [along(3), 40, middle(3)],
        [along(12), 0.1, middle(12)],
      ]),
    );
    expect(rows.map(({ obs_id, code }) => obs_id ?? code)).toEqual([
      skyLid(3),
      skyLid(3),
      "NO_FRAME",
      "NO_FRAME",
      skyLid(12),
    ]);
  });

  test("an ephemeris across RA 0 finds all frames on its way, at the positions of their own times", async () => {
    const nodes = Array.from({ length: 12 }, (_, i) => [along(2 * i), 0, 59_000 + (2 * i) / 24]);
    const { rows } = await plan(csv("ra,dec,mjd", nodes), { find: "ephemeris" });
    expect(rows.map(({ obs_id }) => obs_id)).toEqual(Array.from({ length: 19 }, (_, i) => skyLid(i)));
    for (const [i, { ra, dec, mjd, interp_err }] of rows.entries()) {
      expect(mjd).toBeCloseTo(middle(i), 9);
      // 0.95 degrees per hour along the equator
      expect(Math.abs(((ra! - along(i) - (0.95 * 15) / 3600 + 540) % 360) - 180) * 3600).toBeLessThan(0.02);
      expect(dec).toBeCloseTo(0, 9);
      expect(interp_err).toBeLessThan(1);
    }
  });

  test("an ephemeris with nodes too far apart is EPHEMERIS_SPARSE; fewer than four nodes have no error estimate", async () => {
    const { rows } = await plan(
      csv("ra,dec,mjd", [
        [along(4), 0, middle(4)],
        [along(6), 0, middle(6)],
      ]),
      { find: "ephemeris" },
    );
    expect(rows.map(({ obs_id }) => obs_id)).toEqual([4, 5, 6].map(skyLid));
    expect(rows[1]).toMatchObject({ warnings: ["EPHEMERIS_SPARSE"], interp_err: null });
  });

  test("an ephemeris that no frame shows gives one row with NO_FRAME", async () => {
    const { rows } = await plan(
      csv("ra,dec,mjd", [
        [100, 50, 59_000],
        [101, 50, 59_001],
      ]),
      { find: "ephemeris" },
    );
    expect(rows.map(({ code }) => code)).toEqual(["NO_FRAME"]);
  });
});

describe("limits of a batch", () => {
  test("when the catalog fails, no more rows of a batch are looked up", async () => {
    let asked = 0;
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const catalog = {
      ...archive.catalog,
      searchImages: async () => {
        asked += 1;
        if (asked === 1) throw new Error("gone");
        await turn();
        return { total: 0, images: [] };
      },
    };
    const rows = Array.from({ length: 50 }, (_, k) => [1, 2, 59_000 + k]);
    const list = readList(Buffer.from(csv("ra,dec,mjd", rows)), "", {
      maximumRows: 100,
      uncTheta: "theta",
    });
    await expect(findFrames(catalog, list.rows, batchOptions({}, list), 100)).rejects.toThrow("gone");
    for (let k = 0; k < 20; k++) await turn();
    expect(asked).toBeLessThanOrEqual(8);
  });

  test("a batch of too many pixels, as counted from the catalog before any work, is LIST_TOO_LARGE", async () => {
    const list = readList(
      Buffer.from(
        csv("obs_id,ra,dec", [
          [skyLid(0), 1, 2],
          [skyLid(1), 1, 2],
        ]),
      ),
      "",
      { maximumRows: 10, uncTheta: "theta" },
    );
    const options = batchOptions({ size: "100px" }, list);
    const framed = await findFrames(archive.catalog, list.rows, options, LIMITS.rows);
    const planned = planBatch(framed, options, { ...LIMITS, pixels: 19_999 });
    await expect(planned).rejects.toMatchObject({
      code: "LIST_TOO_LARGE",
      details: { pixels: 20_000, limit: 19_999 },
    });
    // 5 arcmin at 12 arcsec per pixel are 25 pixels
    const small = await planBatch(framed, batchOptions({}, list), LIMITS);
    expect(small.pixels).toBe(2 * 25 * 25);
  });

  test("near the limit of pixels, or without a scale in the label, only the boxes on the frames count: rows off their frame have none", async () => {
    const rows = [
      [skyLid(0), 351.45, 0.1],
      [skyLid(1), 352.4, 0.1],
      [skyLid(2), 12, 60],
      ["urn:nasa:pds:nothing", 1, 2],
    ];
    const list = readList(Buffer.from(csv("obs_id,ra,dec", rows)), "", {
      maximumRows: 10,
      uncTheta: "theta",
    });
    const options = batchOptions({ size: "5arcmin" }, list);
    const found = await findFrames(archive.catalog, list.rows, options, LIMITS.rows);
    const describeFrame = (id: string) => archive.products.describe!(id);
    const planned = (scale: number | null, pixels: number) => {
      const framed = found.map((one) => ({
        ...one,
        record: one.record && { ...one.record, pixelScale: scale },
      }));
      return planBatch(framed, options, { ...LIMITS, pixels }, describeFrame);
    };
    // two cutouts of 25 x 25 pixels, whatever the catalog says
    for (const scale of [null, 0, 12 / 3600, 1 / 3600])
      expect((await planned(scale, 1250)).pixels).toBe(1250);
    await expect(planned(null, 1249)).rejects.toMatchObject({ details: { pixels: 1250, limit: 1249 } });
  });
});

/** The pixel that a position is on, of a cutout whose pixels are their own positions. */
async function pixelAt(bytes: Uint8Array, x: number, y: number): Promise<number> {
  const source = memorySource(bytes);
  const image = (await describeImage(source, (await openFits(source)).hdus[0]!))!;
  const plan = planSection(image, { start: [x - 1, y - 1], shape: [1, 1] });
  return Number((await readSection(source, plan))[0]);
}

describe("rows of a batch", () => {
  test("the cutout of a row has its position at cut_x, cut_y (frames whose pixels encode their position)", async () => {
    const { items, options } = await plan(
      csv(
        "obs_id,ra,dec",
        [0, 3, 4, 9, 10].map((i) => [skyLid(i), (along(i) + 0.1) % 360, 0.07]),
      ),
    );
    for (const item of items) {
      const { row } = await makeRow(item, options, tools);
      expect([row.status, row.cut_w, row.cut_h, row.inside]).toEqual(["done", SIDE, SIDE, 1]);
      const bytes = taken.get(`${row.n}.fits`)!;
      // right ascensions are on pixels of the frame with even coordinates from 0
      const [dx, dy] = [(Math.round(row.x!) - 1) % 2, (Math.round(row.y!) - 1) % 2];
      const ra = await pixelAt(bytes, Math.round(row.cut_x!) + dx, Math.round(row.cut_y!) + dy);
      const off = ((ra - item.ra! + 540) % 360) - 180;
      // the nearest pixel that has a right ascension is at most 1.5 pixels away along each axis
      expect(Math.abs(off)).toBeLessThan((2.2 * 12) / 3600);
      expect(row.scale_arcsec).toBeCloseTo(12, 2);
      expect(row.mid_from).toBe("label");
      expect(row.mid_mjd).toBeCloseTo(middle(Number(item.obs_id!.slice(-6))), 9);
      expect(row.products[0]).toMatchObject({ format: "fits", bytes: bytes.length, crc32: crc32(bytes) });
    }
  });

  test("a list in which every seventh row is bad in another way gives as many rows, each with its own code", async () => {
    const bad: readonly (readonly (string | number)[])[] = [
      [skyLid(0), "x", 0],
      ["urn:nasa:pds:nowhere", 1, 0],
      [skyLid(0), 100, 50],
      [skyLid(0), along(0), 91],
      ["", along(0), 0],
    ];
    const rows = Array.from({ length: 35 }, (_, i) =>
      i % 7 === 6 ? bad[(i - 6) / 7]! : [skyLid(i % 19), along(i % 19), 0.01 * i - 0.15],
    );
    const { items, options } = await plan(csv("obs_id,ra,dec", rows));
    const made = [];
    for (const item of items) made.push((await makeRow(item, options, tools)).row);
    made.sort((a, b) => a.n - b.n);
    expect(made.map(({ n }) => n)).toEqual(rows.map((_, i) => i + 1));
    expect(made.filter(({ status }) => status === "done")).toHaveLength(30);
    expect(made.filter((_, i) => i % 7 === 6).map(({ code }) => code)).toEqual([
      "ROW_INVALID",
      "IMAGE_NOT_FOUND",
      "OFF_IMAGE",
      "ROW_INVALID",
      "NO_TIME",
    ]);
  });

  test("items of a batch are sorted by frame and by declination on it, while rows keep their order", async () => {
    const { items, rows } = await plan(
      csv("obs_id,ra,dec", [
        [skyLid(2), 1, 0.2],
        [skyLid(1), 1, 0],
        [skyLid(2), 1, 0.1],
      ]),
    );
    expect(items.map(({ n }) => n)).toEqual([2, 3, 1]);
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  test("rows have the warnings EDGE, TRAILED, ELLIPSE_LARGER and TIME_MISMATCH", async () => {
    const frame = await archive.products.describe!(skyLid(9));
    const edge = pixelToIcrs(frame.sky!.wcs, 3, 150)!;
    const { items, options } = await plan(
      csv("obs_id,ra,dec,mjd,rate,pa,unc_a", [
        [skyLid(9), edge.ra, edge.dec, middle(9), "", "", ""],
        [skyLid(9), 0, 0, middle(9), 3600, 90, ""],
        [skyLid(9), 0, 0, middle(9), "", "", 400],
        [skyLid(9), 0, 0, middle(9) + 1, "", "", ""],
      ]),
    );
    const made = [];
    for (const item of items) made.push((await makeRow(item, options, tools)).row);
    made.sort((a, b) => a.n - b.n);
    expect(made.map(({ warnings }) => warnings)).toEqual([
      ["EDGE"],
      ["TRAILED"],
      ["ELLIPSE_LARGER"],
      ["TIME_MISMATCH"],
    ]);
    expect(made[1]!.trail_arcsec).toBeCloseTo(30, 6);
  });

  test("center=exposure moves the position along the motion to the middle of the exposure", async () => {
    const text = csv("obs_id,ra,dec,mjd,rate,pa", [[skyLid(9), 359.9, 0, middle(9) - 0.1, 150, 90]]);
    const { items, options } = await plan(text, { center: "exposure" });
    const { row } = await makeRow(items[0]!, options, tools);
    // 2.4 h at 150 arcsec/h are 0.1 degrees: over RA 0
    expect(Math.abs(((row.ra! + 180) % 360) - 180)).toBeLessThan(1e-7);
    expect([row.ra_given, row.dt_s]).toEqual([359.9, expect.closeTo(-8640, 3)]);
  });

  test("the addresses of a batch row give the same products as GET /images, also with marks", async () => {
    const text = csv("obs_id,ra,dec,rate,pa,sun_pa,unc_a,unc_b,unc_pa", [
      [skyLid(9), 0.123456789012, -0.05, 1000, 33.333333, 247.5, 20.123, 8, 110],
    ]);
    const query = {
      format: ["fits", "jpeg", "png"],
      marks: "object,ellipse,trail,motion,sun,north,scale",
      pack: "rice",
      header: "minimal",
      stretch: "asinh",
      align: "true",
      quality: "80",
      mark: "0.1,0,30",
    };
    const { items, options } = await plan(text, query);
    const read = compileQuery(imageQuerySchema);
    for (const one of rowRequests(items[0]!, options, {
      ra: items[0]!.ra!,
      dec: items[0]!.dec!,
      exposure: 30,
    })) {
      const parameters = new URLSearchParams(one.query);
      const given = Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
      const result = read(given);
      if ("error" in result) throw result.error;
      expect(imageRequest(skyLid(9), result.value as ImageQuery)).toEqual(one.request);
    }
    const { row } = await makeRow(items[0]!, options, tools);
    expect(row.products.map(({ format }) => format)).toEqual(["fits", "jpeg", "png"]);
    expect(rowFileName(row, "fits")).toBe("0001_test-000009_2020-05-31T09-00-15.fits");
  });
});
