import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SQLITE } from "../../src/catalog/engines/sqlite/sqlite-engine.ts";
import { openCatalog, openInspection, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { CORNERS, madeImage } from "../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-coverage-"));
  path = join(folder, "made.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = () => sqliteSettings(path);

/** A database of the Python service: only its table, in SQLite's default journal mode. */
function existingDatabase(rows: number): void {
  const database = new DatabaseSync(path);
  for (const statement of SQLITE.migrations[0]!.up) database.exec(statement);
  for (let i = 0; i < rows; i += 1) {
    database.exec(
      `INSERT INTO image (obs_id, collection, facility, instrument) VALUES ('urn:nasa:pds:made:data:old${i}', 'urn:nasa:pds:made:data', 'f', 'i')`,
    );
  }
  database.close();
}

const around = { maxrec: 10, offset: 0, order: "id", place: { ra: 10.5, dec: 0.5, radius: 0 } } as const;

describe("images without a footprint", () => {
  it("images without a footprint are counted after migrate without a harvest, and a search by position reports how many it misses (rows counted)", async () => {
    existingDatabase(5);
    const writing = await openWritableCatalog(settings());
    await writing.createTables();
    await writing.write([madeImage("one", { detail: { corners: CORNERS } }), madeImage("two")]);
    const tables = openInspection(settings());
    expect(await tables.verifyTables()).toEqual({ problems: [], remarks: [] });
    expect(await tables.incompleteImages()).toEqual({ images: 7, withoutDetails: 5, withoutFootprint: 6 });
    await tables.close();
    const catalog = await openCatalog(settings());
    expect(await catalog.coverage()).toEqual({ images: 7, withoutFootprint: 6 });
    expect(await catalog.searchImages(around)).toMatchObject({ total: 1, withoutFootprint: 6 });
    expect(await catalog.searchImages({ ...around, place: { ra: 99, dec: 0, radius: 0 } })).toEqual({
      total: 0,
      images: [],
      withoutFootprint: 6,
    });
    // read the labels of all of them again
    const every = [0, 1, 2, 3, 4].map((i) => madeImage(`old${i}`, { detail: { corners: CORNERS } }));
    await writing.write([...every, madeImage("two", { detail: { corners: CORNERS, versionId: "2.0" } })], {
      update: true,
    });
    await writing.close();
    expect(await catalog.coverage()).toEqual({ images: 7, withoutFootprint: 0 });
    const { withoutFootprint, total } = await catalog.searchImages(around);
    expect([total, withoutFootprint]).toEqual([7, undefined]);
    await catalog.close();
  });

  it("all images of a database that was not migrated count as without a footprint", async () => {
    existingDatabase(3);
    const catalog = await openCatalog(settings());
    expect(await catalog.coverage()).toEqual({ images: 3, withoutFootprint: 3 });
    await catalog.close();
  });
});

describe("inspecting a database of the Python service", () => {
  it("inspecting a database of the Python service changes no byte and creates no files: verify-tables, migrate --plan and lookups (bytes, listing)", async () => {
    existingDatabase(3);
    const before = readFileSync(path);
    const tables = openInspection(settings());
    expect((await tables.verifyTables()).remarks).toEqual([
      expect.stringMatching(/schema version is 0 of 9/),
    ]);
    expect(await tables.pendingMigrations()).toHaveLength(8);
    expect(await tables.incompleteImages()).toBeUndefined();
    await tables.close();
    const catalog = await openCatalog(settings());
    expect(await catalog.findImage("urn:nasa:pds:made:data:old1")).toBeDefined();
    await catalog.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(["made.db"]);
  });
});
