import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import type { WritableCatalog } from "../../src/catalog/writable-catalog.ts";
import { madeImage } from "../support/catalog/made-catalog.ts";
import { type TestDatabase, testDatabase } from "../support/catalog/test-database.ts";

// on SQLite; test/interop/postgres/postgres.interop.test.ts runs the same tests on PostgreSQL

const fixture = JSON.parse(readFileSync(new URL("../fixtures/mocs.json", import.meta.url), "utf8"));
const ATLAS = "urn:nasa:pds:gbo.ast.atlas.survey:58000";
const images = (fixture.footprints as [number, number][][]).map((corners, i) =>
  madeImage(`f${i}`, {
    record: { collection: i % 2 === 0 ? ATLAS : "urn:nasa:pds:made:data" },
    detail: { corners: corners as never },
  }),
);

let database: TestDatabase;
let writing: WritableCatalog;
beforeEach(async () => {
  database = await testDatabase();
  writing = await openWritableCatalog(database.settings);
  await writing.createTables();
});
afterEach(async () => {
  await writing.close();
  await database.drop();
});

/** Cells of a coverage, as `order/cells`, and the coverages that there are. */
async function coverage(name = "all", order?: number) {
  const catalog = await openCatalog(database.settings);
  try {
    const wanted = { name, ...(order !== undefined && { order }) };
    const ascii = await catalog.surveyCoverage({ ...wanted, form: "ascii" });
    const json = await catalog.surveyCoverage({ ...wanted, form: "json" });
    const fits = await catalog.surveyCoverage({ ...wanted, form: "fits" });
    return {
      cells: ascii && cellsOf(new TextDecoder().decode(ascii)),
      json,
      fits,
      list: await catalog.surveyCoverages(),
    };
  } finally {
    await catalog.close();
  }
}

/** All cells of a coverage at order 10, from its text (IVOA MOC 2.0, 4.2.3). */
function cellsOf(text: string): ReadonlySet<number> {
  const cells = new Set<number>();
  let order = 10;
  for (const word of text.trim().split(/[\s,]+/)) {
    const [, given, range = ""] = /^(?:(\d+)\/)?(.*)$/.exec(word)!;
    if (given !== undefined) order = Number(given);
    if (range === "") continue;
    const [first, last = first] = range.split("-").map(Number) as [number, number?];
    const parts = 4 ** (10 - order);
    for (let cell = first * parts; cell < (last! + 1) * parts; cell += 1) cells.add(cell);
  }
  return cells;
}

it("the coverage of all surveys is the union of their footprints (mocpy)", async () => {
  await writing.write(images);
  await writing.updateCoverage();
  const { cells, list, fits, json } = await coverage();
  expect(cells).toEqual(cellsOf(fixture.ascii));
  expect(list.map(({ name, order }) => [name, order])).toEqual([
    ["ATLAS", 10],
    ["urn:nasa:pds:made:data", 10],
  ]);
  const total = list.reduce((sum, { area }) => sum + area, 0);
  // the footprints at (10, 20) and (10.5, 20.3), which belong to different surveys, overlap
  expect(total).toBeGreaterThan((fixture.percent / 100) * 41_252.96);
  expect(total).toBeLessThan((fixture.percent / 100) * 41_252.96 * 1.5);
  expect(Buffer.from(fits!).toString("latin1")).toMatch(/MOCVERS = '2.0'.*ORDERING= 'RANGE'.*COORDSYS= 'C'/s);
  expect(Object.keys(JSON.parse(Buffer.from(json!).toString()))).toContain("10");
});

it("new images are added to the coverage of their survey, and deleted and moved ones disappear (made at once)", async () => {
  await writing.write(images.slice(0, 3));
  await writing.updateCoverage();
  const few = (await coverage()).cells;
  await writing.write(images);
  await writing.updateCoverage();
  const all = (await coverage()).cells!;
  expect(all).toEqual(cellsOf(fixture.ascii));

  const ids = await writing.imagesOfLabels(images.slice(3).map(({ record }) => record.labelUrl!));
  await writing.deleteImages(ids);
  await writing.updateCoverage();
  expect((await coverage()).cells).toEqual(few);

  const moved = {
    ...images[0]!,
    detail: { ...images[0]!.detail, versionId: "2.0", corners: images[6]!.detail.corners! },
  };
  expect(await writing.write([moved])).toEqual(["updated"]);
  await writing.updateCoverage(true);
  const { cells } = await coverage();
  expect([...cells!].some((cell) => !few!.has(cell))).toBe(true);
  await writing.deleteImages(await writing.imagesOfLabels(images.map(({ record }) => record.labelUrl!)));
  await writing.updateCoverage();
  expect((await coverage()).list).toEqual([]);
});

it("the coverage of a survey can be coarser, and an unknown survey has none (by hand)", async () => {
  await writing.write(images.slice(6));
  await writing.updateCoverage();
  const [fine, coarse] = [await coverage("ATLAS"), await coverage("ATLAS", 6)];
  expect([...coarse.cells!].length % 256).toBe(0);
  for (const cell of fine.cells!) expect(coarse.cells!.has(cell)).toBe(true);
  expect((await coverage("none")).cells).toBeUndefined();
});
