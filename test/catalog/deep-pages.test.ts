import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalog, ImageFilter } from "../../src/catalog/catalog.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { BLOCK_IDS } from "../../src/catalog/paging/block-counts.ts";
import type { WritableCatalog } from "../../src/catalog/writable-catalog.ts";
import { type TestDatabase, testDatabase } from "../support/catalog/test-database.ts";
import { seeded } from "../support/inputs/sky-frames.ts";

// on SQLite; test/interop/postgres/postgres.interop.test.ts runs the same tests on PostgreSQL
let database: TestDatabase;
let writing: WritableCatalog;
let reading: Catalog;

beforeEach(async () => {
  database = await testDatabase();
  writing = await openWritableCatalog(database.settings);
  await writing.createTables();
  reading = await openCatalog(database.settings);
});
afterEach(async () => {
  await reading.close();
  await writing.close();
  await database.drop();
});

const FULL_BLOCKS = 3;
const ROWS = FULL_BLOCKS * BLOCK_IDS + 3000;

/**
 * Rows as inserted by another program: collections of all sizes, most facilities in each of them,
 * in no order.
 */
async function insertRows(from: number, to: number): Promise<void> {
  await database.execute(`INSERT INTO image (id, obs_id, collection, facility, instrument)
    WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
    SELECT i, 'lid' || i, CASE WHEN i % 97 = 0 THEN 'small' WHEN i < 9000 THEN 'early' ELSE 'c' || (i * 7 % 11 % 3) END,
      'f' || (i * 31 % 13 % 4), CASE WHEN i % 5000 = 7 THEN 'rare' ELSE 'common' END FROM n; SELECT 1`);
}

const FILTERS: readonly Omit<ImageFilter, "maxrec" | "offset" | "after">[] = [
  {},
  { collection: "early" },
  { collection: "c1" },
  { collection: "small" },
  { facility: "f2", dptype: "image" },
  { collection: "c0", facility: "f1" },
  { collection: "small", facility: "f3", instrument: "common" },
  { facility: "f0", instrument: "rare" },
];

/** Compares pages at many offsets of every list with slices of all rows. */
async function checkPages(): Promise<number> {
  const random = seeded(5);
  let compared = 0;
  for (const filter of FILTERS) {
    const where = Object.entries(filter)
      .map(([name, value]) => `${name === "dptype" ? "data_product_type" : name} = '${value}'`)
      .join(" AND ");
    const all = (
      await database.execute(`SELECT obs_id FROM image WHERE ${where === "" ? "1 = 1" : where} ORDER BY id`)
    ).map((row) => row.obs_id);
    const edges = [0, 1, 1000, 1001, all.length - 5, all.length - 1, all.length, BLOCK_IDS - 1, BLOCK_IDS];
    const offsets = [...edges, ...Array.from({ length: 12 }, () => Math.floor(random() * all.length))].filter(
      (offset) => offset >= 0,
    );
    for (const offset of offsets) {
      const asked = { ...filter, offset, maxrec: 1 + Math.floor(random() * 20) };
      const page = await reading.queryImages(asked);
      const wanted = all.slice(offset, offset + asked.maxrec);
      expect(page.total).toBe(all.length);
      expect(
        page.records.map(({ obsId }) => obsId),
        JSON.stringify(asked),
      ).toEqual(wanted);
      expect(page.next === undefined).toBe(offset + asked.maxrec >= all.length);
      const last = page.records.at(-1)?.obsId;
      if (last !== undefined) {
        const after = Number(String(last).replace("lid", ""));
        const further = await reading.queryImages({ ...filter, maxrec: asked.maxrec, offset: 0, after });
        const behind = offset + wanted.length;
        expect(
          further.records.map(({ obsId }) => obsId),
          JSON.stringify({ ...asked, after }),
        ).toEqual(all.slice(behind, behind + asked.maxrec));
        expect(further.next === undefined).toBe(behind + asked.maxrec >= all.length);
      }
      const found = await reading.searchImages({ ...asked, order: "id" });
      expect(found.images.map(({ record }) => record.obsId)).toEqual(wanted);
      compared += wanted.length;
    }
  }
  return compared;
}

async function sealedBlocks(): Promise<number> {
  const [row] = await database.execute("SELECT blocks FROM image_sealed");
  return Number(row?.blocks);
}

describe("pages far into a list", () => {
  it("pages far into a list equal those of all rows, while blocks are counted and rows are added, changed and deleted (slices)", async () => {
    await insertRows(1, ROWS);
    expect(await checkPages()).toBeGreaterThan(500);
    expect(await sealedBlocks()).toBe(0);
    await writing.seal();
    expect(await sealedBlocks()).toBe(FULL_BLOCKS);
    await checkPages();
    // into and out of counted blocks, from one list to another, and after them
    await database.execute(`DELETE FROM image WHERE id % 7 = 3 OR id BETWEEN ${BLOCK_IDS} AND ${BLOCK_IDS + 4000};
      UPDATE image SET facility = 'f1', collection = 'small' WHERE id % 11 = 5; SELECT 1`);
    await insertRows(BLOCK_IDS + 100, BLOCK_IDS + 900);
    await insertRows(ROWS + 1, ROWS + BLOCK_IDS);
    await checkPages();
    expect(await writing.verifyTables()).toEqual({ problems: [], remarks: [] });
    await writing.seal();
    expect(await sealedBlocks()).toBe(FULL_BLOCKS + 1);
    await checkPages();
    expect(await writing.verifyTables()).toEqual({ problems: [], remarks: [] });
    await database.execute("UPDATE image_block SET count = count + 1 WHERE dimension = 'all'; SELECT 1");
    expect((await writing.verifyTables()).problems).toEqual([expect.stringMatching(/image_block are wrong/)]);
  }, 60_000);
});
