import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteFile } from "../../src/catalog/engines/sqlite/sqlite-database.ts";
import type { HarvestedImage } from "../../src/catalog/image-writer.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import type { WritableCatalog } from "../../src/catalog/writable-catalog.ts";
import { madeImage } from "../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";

let folder: string;
let path: string;
const settings = () => sqliteSettings(path);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-catalog-"));
  path = join(folder, "test.db");
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

const image = (name: string, target: string | null = null) => madeImage(name, { record: { target } });

async function filled(images: readonly HarvestedImage[]): Promise<WritableCatalog> {
  const catalog = await openWritableCatalog(settings());
  await catalog.createTables();
  await catalog.write(images);
  return catalog;
}

describe("a catalog in a SQLite file opened for reading", () => {
  const ATTEMPTS = [
    "INSERT INTO image_count VALUES ('a', 'b', 'c', 'd', 1)",
    "UPDATE image SET target = 'x'",
    "DELETE FROM image",
    "CREATE TABLE mine (x)",
    "DROP TABLE image",
    "PRAGMA user_version = 7",
    "VACUUM",
  ];
  it.each(ATTEMPTS)(
    "a catalog in a SQLite file opened for reading refuses %s, and the file is unchanged",
    async (attempt) => {
      await (await filled([image("one")])).close();
      const before = readFileSync(path);
      const file = SqliteFile.openReadOnly(path);
      expect(() => file.execute(attempt)).toThrow(/readonly|read-only|query_only/i);
      expect(file.prepare("SELECT count(*) AS n FROM image").get([])).toEqual({ n: 1 });
      file.close();
      expect(readFileSync(path).equals(before)).toBe(true);
    },
  );

  it("a catalog in a SQLite file is unchanged after every query that serving needs", async () => {
    await (await filled([image("one", "Vesta"), image("two")])).close();
    const before = readFileSync(path);
    const catalog = await openCatalog(settings());
    const page = { maxrec: 10, offset: 0 } as const;
    await catalog.findImage("x");
    await catalog.queryImages(page);
    await catalog.summarize();
    await catalog.searchImages({ ...page, order: "distance", place: { ra: 0, dec: 0, radius: 1 } });
    await catalog.searchImages({ ...page, order: "time", target: "Vesta" });
    await catalog.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("opening a catalog without a SQLite file reports that there is no database", async () => {
    await expect(openCatalog(settings())).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
  });
});
