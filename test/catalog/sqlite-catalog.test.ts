import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HarvestedImage } from "../../src/catalog/image-writer.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { SqliteFile } from "../../src/catalog/sqlite-database.ts";
import type { WritableCatalog } from "../../src/catalog/writable-catalog.ts";

let folder: string;
let path: string;
const settings = () =>
  ({ DB_DIALECT: "sqlite", DB_HOST: "", DB_USERNAME: "", DB_PASSWORD: "", DB_DATABASE: path }) as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-catalog-"));
  path = join(folder, "test.db");
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

interface Parts {
  readonly collection?: string;
  readonly facility?: string;
  readonly version?: string;
  readonly digest?: string;
  readonly target?: string;
}

function image(name: string, parts: Parts = {}): HarvestedImage {
  const collection = `urn:nasa:pds:made:${parts.collection ?? "a"}`;
  return {
    record: {
      obsId: `${collection}:${name}`,
      collection,
      facility: parts.facility ?? "Scope",
      instrument: "Camera",
      dataProductType: "image",
      calibrationLevel: 2,
      target: parts.target ?? null,
      pixelScale: 1e-4,
      imageUrl: `file:///data/${name}.fits`,
      labelUrl: `file:///data/${name}.xml`,
    },
    detail: {
      versionId: parts.version ?? "1.0",
      labelDigest: parts.digest ?? "x",
      title: null,
      startTime: null,
      stopTime: null,
      startMjd: 59000,
      stopMjd: 59000.5,
      exposure: 30,
      filter: "r",
      fieldId: null,
      limitingMagnitude: null,
      corners: [
        [359, 1],
        [1, 1],
        [1, -1],
        [359, -1],
      ],
      md5: null,
      fileSize: null,
    },
  };
}

async function filled(images: readonly HarvestedImage[]): Promise<WritableCatalog> {
  const catalog = await openWritableCatalog(settings());
  await catalog.createTables();
  await catalog.write(images);
  return catalog;
}

/** The table as SQLAlchemy made it for the existing service. */
const EXISTING = `CREATE TABLE image (
  id INTEGER NOT NULL, obs_id VARCHAR NOT NULL, collection VARCHAR NOT NULL, facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL, data_product_type VARCHAR NOT NULL, calibration_level INTEGER, target VARCHAR,
  pixel_scale FLOAT, image_url VARCHAR, label_url VARCHAR, PRIMARY KEY (id));
  CREATE UNIQUE INDEX ix_image_obs_id ON image (obs_id);
  CREATE INDEX ix_image_collection ON image (collection);`;
const INSERT = `INSERT INTO image (obs_id, collection, facility, instrument, data_product_type, image_url)
  VALUES ('urn:nasa:pds:old:a:1', 'urn:nasa:pds:old:a', 'F', 'I', 'image', 'file:///x.fits')`;

describe("writing", () => {
  it("says what became of each image: added, known, updated, older, conflict", async () => {
    const catalog = await filled([image("one")]);
    const outcomes = await catalog.write([
      image("one"),
      image("two"),
      image("one", { version: "1.10", digest: "y" }),
      image("one", { version: "1.9", digest: "z" }),
      image("one", { version: "1.10", digest: "w" }),
    ]);
    expect(outcomes).toEqual(["known", "added", "updated", "older", "conflict"]);
    expect(await catalog.write([image("one", { version: "1.10", digest: "w" })], { update: true })).toEqual([
      "updated",
    ]);
    await catalog.close();
  });

  it("keeps counts right whoever writes (triggers against count(*))", async () => {
    const catalog = await filled([image("one"), image("two", { collection: "b" }), image("three")]);
    const other = new DatabaseSync(path);
    other.exec(INSERT);
    other.exec("UPDATE image SET facility = 'G' WHERE obs_id LIKE '%:two'");
    other.exec("DELETE FROM image WHERE obs_id LIKE '%:three'");
    const counted = other
      .prepare("SELECT facility, count(*) AS n FROM image GROUP BY collection ORDER BY 1")
      .all();
    const reading = await openCatalog(settings());
    const kept = (await reading.summarize()).map(({ facility, count: n }) => ({ facility, n }));
    expect([...kept].sort((a, b) => (a.facility < b.facility ? -1 : 1))).toEqual(
      counted.map((row) => ({ ...row })),
    );
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    other.exec("UPDATE image_count SET count = count + 1");
    expect((await catalog.verifyTables()).problems).toEqual([expect.stringMatching(/counts/)]);
    other.close();
    await reading.close();
    await catalog.close();
  });
});

describe("reading", () => {
  it("finds, filters, counts and pages in the order of ids, by offset and by cursor", async () => {
    const names = Array.from({ length: 25 }, (_, i) => String(i));
    const writing = await filled(
      names.map((name, i) => image(name, i % 3 === 0 ? { collection: "b", facility: "Other" } : {})),
    );
    await writing.close();
    const catalog = await openCatalog(settings());
    expect(await catalog.findImage("urn:nasa:pds:made:a:1")).toEqual(image("1").record);
    expect(await catalog.findImage("urn:nasa:pds:made:a:none")).toBeUndefined();
    const filter = { facility: "Other", collection: "urn:nasa:pds:made:b" };
    const all = await catalog.queryImages({ ...filter, maxrec: 100, offset: 0 });
    expect(all.total).toBe(9);
    expect(all.next).toBeUndefined();
    expect(all.records.map(({ obsId }) => obsId.split(":").at(-1))).toEqual(
      names.filter((_, i) => i % 3 === 0),
    );
    let after: number | undefined;
    const paged: string[] = [];
    do {
      const page = await catalog.queryImages({
        ...filter,
        maxrec: 4,
        offset: 0,
        ...(after !== undefined && { after }),
      });
      paged.push(...page.records.map(({ obsId }) => obsId));
      after = page.next;
    } while (after !== undefined);
    expect(paged).toEqual(all.records.map(({ obsId }) => obsId));
    expect((await catalog.queryImages({ facility: "None", maxrec: 1, offset: 0 })).total).toBe(0);
    await catalog.close();
  });

  it("pages far into consecutive and into scattered ids alike (slice of all rows)", async () => {
    const writing = await filled(
      Array.from({ length: 3000 }, (_, i) => image(String(i), { collection: i < 1500 ? "a" : `b${i % 2}` })),
    );
    await writing.close();
    const catalog = await openCatalog(settings());
    const last = async (collection: string, offset: number) =>
      (await catalog.queryImages({ collection, maxrec: 2, offset })).records.map((r) =>
        r.obsId.split(":").at(-1),
      );
    expect(await last("urn:nasa:pds:made:a", 1200)).toEqual(["1200", "1201"]);
    expect(await last("urn:nasa:pds:made:b1", 740)).toEqual(["2981", "2983"]);
    const page = await catalog.queryImages({ maxrec: 1, offset: 2500 });
    expect(page.records[0]?.obsId.split(":").at(-1)).toBe("2500");
    await catalog.close();
  });

  it("counts deep offsets from pages that it gave, and anew when rows went (slice of all rows)", async () => {
    const writing = await filled(
      Array.from({ length: 6000 }, (_, i) => image(String(i), { collection: `c${i % 2}` })),
    );
    const catalog = await openCatalog(settings());
    const collection = "urn:nasa:pds:made:c1";
    const odd = Array.from({ length: 3000 }, (_, i) => 2 * i + 1);
    const check = async (rows: readonly number[]) => {
      for (const offset of [2900, 1200, 1203, 1207, 2000, 1999, 2900, 1207, 2996, 3000]) {
        for (const maxrec of [4, 1]) {
          const asked = { collection, maxrec, offset };
          const wanted = rows.slice(offset, offset + maxrec).map(String);
          const page = await catalog.queryImages(asked);
          expect(page.records.map((r) => r.obsId.split(":").at(-1))).toEqual(wanted);
          const found = await catalog.searchImages({ ...asked, order: "id" });
          expect(found.images.map(({ record }) => record.obsId.split(":").at(-1))).toEqual(wanted);
        }
      }
    };
    await check(odd);
    // ids are positions from 1: row 101 goes, row 6001 comes, so that the total stays
    await writing.deleteImages([102]);
    await writing.write([image("6001", { collection: "c1" })]);
    await check([...odd.filter((n) => n !== 101), 6001]);
    await catalog.close();
    await writing.close();
  });

  it("searches by place, time, target, filter and the beginning of a LID", async () => {
    const writing = await filled([
      image("one", { target: "Vesta" }),
      image("two"),
      image("three", { collection: "b" }),
    ]);
    await writing.close();
    const catalog = await openCatalog(settings());
    const count = async (search: object) =>
      (await catalog.searchImages({ maxrec: 10, offset: 0, order: "id", ...search })).total;
    const place = { ra: 0, dec: 0, radius: 0 };
    expect(await count({ place })).toBe(3);
    expect(await count({ place: { ra: 2, dec: 0, radius: 0 } })).toBe(0);
    expect(await count({ place: { ra: 2, dec: 0, radius: 1.01 } })).toBe(3);
    expect(await count({ place, collection: "urn:nasa:pds:made:b" })).toBe(1);
    expect(await count({ place, time: { start: 59000.4, stop: Number.POSITIVE_INFINITY } })).toBe(3);
    expect(await count({ time: { start: 59000.6, stop: 59001 } })).toBe(0);
    expect(await count({ target: "Vesta" })).toBe(1);
    expect(await count({ filter: "r", obsId: "urn:nasa:pds:made:a:*" })).toBe(2);
    expect(await count({ obsId: "urn:nasa:pds:made:a:%" })).toBe(0);
    const nearest = await catalog.searchImages({ place, maxrec: 1, offset: 1, order: "distance" });
    expect(nearest.images[0]?.record.obsId).toBe("urn:nasa:pds:made:a:two");
    expect(nearest.images[0]?.detail).toEqual(image("two").detail);
    await catalog.close();
  });

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
    "cannot write: its connection refuses %s, and the file stays as it was",
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

  it("leaves the file as it was after every question that serving asks", async () => {
    await (await filled([image("one", { target: "Vesta" }), image("two")])).close();
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

  it("says that there is no database, no table, or a schema newer than the code", async () => {
    await expect(openCatalog(settings())).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
    const empty = new DatabaseSync(path);
    empty.exec("CREATE TABLE other (x)");
    await expect(openCatalog(settings())).rejects.toMatchObject({ code: "CATALOG_SCHEMA" });
    empty.exec(`${EXISTING} CREATE TABLE sis_schema (version INTEGER); INSERT INTO sis_schema VALUES (99)`);
    empty.close();
    await expect(openCatalog(settings())).rejects.toMatchObject({
      code: "CATALOG_SCHEMA",
      message: expect.stringMatching(/schema 99/),
    });
  });
});

describe("a database that the existing service made", () => {
  it("is served as it is, and adopted in place", async () => {
    const old = new DatabaseSync(path);
    old.exec(EXISTING);
    old.exec(INSERT);
    const row = old.prepare("SELECT * FROM image").get();
    const bare = await openCatalog(settings());
    expect(bare.warnings).toEqual([expect.stringMatching(/sbnsis migrate/)]);
    expect((await bare.queryImages({ maxrec: 5, offset: 0 })).total).toBe(1);
    expect(await bare.summarize()).toMatchObject([{ facility: "F", count: 1 }]);
    await bare.close();

    const catalog = await openWritableCatalog(settings());
    expect((await catalog.pendingMigrations()).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(await catalog.createTables()).toHaveLength(3);
    expect(await catalog.createTables()).toHaveLength(0);
    expect(old.prepare("SELECT * FROM image").get()).toEqual(row);
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    old.exec(INSERT.replace(":a:1", ":a:2"));
    await catalog.close();
    old.close();

    const served = await openCatalog(settings());
    expect(await served.summarize()).toMatchObject([{ facility: "F", count: 2 }]);
    const found = await served.searchImages({
      obsId: "urn:nasa:pds:old:*",
      order: "time",
      maxrec: 5,
      offset: 0,
    });
    expect(found.images.map(({ detail }) => detail)).toEqual([undefined, undefined]);
    await served.close();
  });

  it("is named for what it lacks", async () => {
    const old = new DatabaseSync(path);
    old.exec("CREATE TABLE image (id INTEGER PRIMARY KEY, obs_id VARCHAR NOT NULL, collection INTEGER)");
    old.close();
    const catalog = await openWritableCatalog(settings());
    const { problems } = await catalog.verifyTables();
    expect(problems).toContain("table image lacks the column facility");
    expect(problems).toContain("column image.collection has the type INTEGER");
    expect(problems).toContain("column image.obs_id has no unique index");
    await catalog.close();
  });
});
