import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { liveCatalog, openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { CORNERS, madeImage } from "../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";

let folder: string;
let path: string;
const opened: Catalog[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-replaced-"));
  path = join(folder, "served.db");
});
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
  rmSync(folder, { recursive: true });
});

const settings = (file: string) => sqliteSettings(file);

/** Adds images of a facility, in their own collection and with their own footprints. */
async function harvest(file: string, facility: string, count: number): Promise<void> {
  const catalog = await openWritableCatalog(settings(file));
  await catalog.createTables();
  const record = { facility, collection: `urn:nasa:pds:made:${facility.toLowerCase()}` };
  await catalog.write(
    Array.from({ length: count }, (_, i) => madeImage(`n${i}`, { record, detail: { corners: CORNERS } })),
  );
  await catalog.close();
}

async function serve(): Promise<Catalog> {
  const catalog = await openCatalog(settings(path));
  opened.push(catalog);
  return catalog;
}

const page = { maxrec: 1000, offset: 0 } as const;

/**
 * Everything that is cached: totals, filters, deep pages, the summary, and the results for a
 * position.
 */
async function seen(catalog: Catalog) {
  const all = await catalog.queryImages(page);
  const around = { ...page, order: "id", place: { ra: 10.5, dec: 0.5, radius: 0 } } as const;
  return {
    total: all.total,
    rows: all.records.length,
    last: (await catalog.queryImages({ maxrec: 1, offset: all.total - 1 })).records.length,
    summary: (await catalog.summarize()).map(({ facility, count }) => [facility, count]),
    around: (await catalog.searchImages(around)).total,
    probe: await catalog.probe().then(() => "ok"),
  };
}
const state = (...summary: readonly (readonly [facility: string, count: number])[]) => {
  const total = summary.reduce((sum, [, count]) => sum + count, 0);
  return { total, rows: total, last: 1, summary, around: total, probe: "ok" };
};

describe("a SQLite database that is replaced while it is served", () => {
  const REPLACED: readonly (readonly [how: string, replace: (other: string) => void])[] = [
    ["mv", (other) => renameSync(other, path)],
    ["cp", (other) => copyFileSync(other, path)],
    [
      "rm and cp",
      (other) => {
        rmSync(path);
        copyFileSync(other, path);
      },
    ],
    [
      "cp -p of a file that is older",
      (other) => {
        copyFileSync(other, path);
        utimesSync(path, 1e9, 1e9);
      },
    ],
    [
      "rm of the file with its log, and mv",
      (other) => {
        for (const name of readdirSync(folder)) if (name.startsWith("served.db")) rmSync(join(folder, name));
        renameSync(other, path);
      },
    ],
  ];
  it.each(REPLACED)(
    "a SQLite database replaced by %s is visible to the next request (rows written)",
    async (_, replace) => {
      await harvest(path, "Old", 30);
      const catalog = await serve();
      expect(await seen(catalog)).toEqual(state(["Old", 30]));
      const other = join(folder, "other.db");
      await harvest(other, "New", 7);
      replace(other);
      expect(await seen(catalog)).toEqual(state(["New", 7]));
    },
  );

  it("a SQLite database replaced by cp after a harvest shows nothing of the old write-ahead log", async () => {
    await harvest(path, "Old", 30);
    const catalog = await serve();
    expect(await seen(catalog)).toEqual(state(["Old", 30]));
    await harvest(path, "Late", 400);
    expect(await seen(catalog)).toEqual(state(["Late", 400], ["Old", 30]));
    const other = join(folder, "other.db");
    await harvest(other, "New", 7);
    copyFileSync(other, path);
    expect(await seen(catalog)).toEqual(state(["New", 7]));
  });

  it("a served SQLite database shows what a harvest adds while it is in the write-ahead log, and afterwards", async () => {
    await harvest(path, "Old", 3);
    const catalog = await serve();
    expect(await seen(catalog)).toEqual(state(["Old", 3]));
    const harvesting = await openWritableCatalog(settings(path));
    const record = { facility: "Late", collection: "urn:nasa:pds:made:late" };
    await harvesting.write([madeImage("now", { record })]);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    expect((await catalog.queryImages(page)).total).toBe(4);
    await harvesting.write([madeImage("then", { record })]);
    expect((await catalog.queryImages({ ...page, facility: "Late" })).total).toBe(2);
    await harvesting.close();
    expect((await catalog.queryImages({ ...page, facility: "Late" })).total).toBe(2);
  });

  it("reading a SQLite database creates no file next to it and changes none (directory listing, bytes)", async () => {
    await harvest(path, "Old", 3);
    const alone = join(folder, "alone");
    mkdirSync(alone);
    copyFileSync(path, join(alone, "served.db"));
    path = join(alone, "served.db");
    const before = readFileSync(path);
    await seen(await serve());
    expect(readdirSync(alone)).toEqual(["served.db"]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("a SQLite database replaced by one with an older schema is read with that schema", async () => {
    await harvest(path, "Old", 3);
    const catalog = await serve();
    expect((await catalog.queryImages(page)).total).toBe(3);
    const other = join(folder, "other.db");
    await harvest(other, "New", 2);
    const database = new DatabaseSync(other);
    database.exec(`CREATE TABLE bare AS SELECT * FROM image; DROP TABLE image; DROP TABLE image_footprint;
      DROP TABLE image_detail; DROP TABLE image_count; DROP TABLE image_block; DROP TABLE image_sealed;
      DROP TABLE sis_schema; ALTER TABLE bare RENAME TO image`);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    renameSync(other, path);
    expect((await catalog.queryImages(page)).total).toBe(2);
    expect(await catalog.findDetail("urn:nasa:pds:made:new:n0")).toBeUndefined();
    expect(catalog.warnings).toEqual([expect.stringMatching(/schema 0 of 9/)]);
    await expect(
      catalog.searchImages({ ...page, order: "id", place: { ra: 1, dec: 1, radius: 1 } }),
    ).rejects.toMatchObject({ code: "CATALOG_SCHEMA" });
  });

  it("a truncated SQLite database is an error in every request and in the probe, until it is restored", async () => {
    await harvest(path, "Old", 3000);
    const whole = readFileSync(path);
    const catalog = await serve();
    expect((await catalog.queryImages(page)).total).toBe(3000);
    truncateSync(path, 4096 * 3);
    await expect(catalog.queryImages(page)).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
    await expect(catalog.probe()).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
    writeFileSync(path, whole);
    expect((await catalog.queryImages(page)).total).toBe(3000);
    await catalog.probe();
  });

  it("a SQLite database replaced by something else is an error that names the file, and the probe fails too", async () => {
    await harvest(path, "Old", 3);
    const catalog = await serve();
    writeFileSync(path, "<html>not found</html>".repeat(1000));
    const refusal = { code: "CATALOG_UNAVAILABLE", message: expect.stringContaining(path) };
    await expect(catalog.queryImages(page)).rejects.toMatchObject(refusal);
    await expect(catalog.probe()).rejects.toMatchObject({
      ...refusal,
      details: { reason: "file is not a database", away: false },
    });
  });

  it("a SQLite database that is removed is reported missing, and served once it is back", async () => {
    const catalog = liveCatalog(settings(path));
    opened.push(catalog);
    await expect(catalog.queryImages(page)).rejects.toMatchObject({
      code: "CATALOG_UNAVAILABLE",
      details: { reason: "there is no such file" },
    });
    await harvest(path, "New", 2);
    expect(await seen(catalog)).toEqual(state(["New", 2]));
    rmSync(path);
    await expect(catalog.probe()).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
  });
});
