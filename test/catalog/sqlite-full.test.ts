import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SqliteFile } from "../../src/catalog/engines/sqlite/sqlite-database.ts";
import { SQLITE } from "../../src/catalog/engines/sqlite/sqlite-engine.ts";
import { writeToSqlite } from "../../src/catalog/engines/sqlite/sqlite-writer.ts";
import { openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-full-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("a catalog batch that does not fit on the disk fails with that error, not with that of its rollback (SQLITE_FULL)", async () => {
  const path = join(folder, "made.db");
  const settings = sqliteSettings(path);
  const catalog = await openWritableCatalog(settings);
  await catalog.createTables();
  await catalog.close();
  const file = SqliteFile.openWritable(path);
  try {
    // allow no more pages than there are, which is how a full disk behaves
    file.execute("pragma max_page_count = 1");
    const images = Array.from({ length: 2000 }, (_, i) => ({
      record: {
        ...{ obsId: `urn:nasa:pds:a:b:${i}`, collection: "urn:nasa:pds:a:b", facility: "F", instrument: "I" },
        ...{ dataProductType: "image", calibrationLevel: 2, target: null, pixelScale: 1 },
        ...{ imageUrl: `file:///a/${i}.fits`, labelUrl: `file:///a/${i}.xml` },
      },
      detail: {
        ...{ versionId: "1.0", labelDigest: "x", title: "t".repeat(1000), startTime: null, stopTime: null },
        ...{ startMjd: null, stopMjd: null, exposure: null, filter: null, fieldId: null },
        ...{ limitingMagnitude: null, corners: null, md5: null, fileSize: null },
      },
    }));
    const write = () => writeToSqlite(file, images, SQLITE.partsOf(4));
    for (let attempt = 0; attempt < 2; attempt += 1) expect(write).toThrow(/database or disk is full/);
  } finally {
    file.close();
  }
});
