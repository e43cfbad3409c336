import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HarvestedImage } from "../../src/catalog/image-writer.ts";
import { engineOf, openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import type { WritableCatalog } from "../../src/catalog/writable-catalog.ts";
import { type TestDatabase, testDatabase } from "../support/catalog/test-database.ts";

// on SQLite; test/interop/postgres/postgres.interop.test.ts runs the same tests on PostgreSQL
let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => await database.drop());

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
  const catalog = await openWritableCatalog(database.settings);
  await catalog.createTables();
  await catalog.write(images);
  return catalog;
}

/** The table as SQLAlchemy creates it for the Python service. */
function existingTable(): string {
  const [id, real] =
    database.settings.dialect === "sqlite" ? ["INTEGER", "FLOAT"] : ["SERIAL", "DOUBLE PRECISION"];
  return `CREATE TABLE image (
  id ${id} NOT NULL, obs_id VARCHAR NOT NULL, collection VARCHAR NOT NULL, facility VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL, data_product_type VARCHAR NOT NULL, calibration_level INTEGER, target VARCHAR,
  pixel_scale ${real}, image_url VARCHAR, label_url VARCHAR, PRIMARY KEY (id));
  CREATE UNIQUE INDEX ix_image_obs_id ON image (obs_id);
  CREATE INDEX ix_image_collection ON image (collection)`;
}
const INSERT = `INSERT INTO image (obs_id, collection, facility, instrument, data_product_type, image_url)
  VALUES ('urn:nasa:pds:old:a:1', 'urn:nasa:pds:old:a', 'F', 'I', 'image', 'file:///x.fits')`;

describe("writing to the catalog", () => {
  it("writing to the catalog returns the outcome of each image: added, known, updated, older, conflict", async () => {
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

  it("counts in the catalog stay correct, whichever program writes (triggers against count(*))", async () => {
    const catalog = await filled([image("one"), image("two", { collection: "b" }), image("three")]);
    await database.execute(
      `${INSERT}; UPDATE image SET facility = 'G' WHERE obs_id LIKE '%:two'; DELETE FROM image WHERE obs_id LIKE '%:three'`,
    );
    const counted = await database.execute(
      "SELECT facility, count(*) AS n FROM image GROUP BY collection, facility ORDER BY 1",
    );
    const reading = await openCatalog(database.settings);
    const kept = (await reading.summarize()).map(({ facility, count: n }) => ({ facility, n }));
    expect([...kept].sort((a, b) => (a.facility < b.facility ? -1 : 1))).toEqual(
      counted.map(({ facility, n }) => ({ facility, n: Number(n) })),
    );
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    const counts = database.settings.dialect === "sqlite" ? "image_count" : "image_count_change";
    await database.execute(`DELETE FROM ${counts}`);
    expect((await catalog.verifyTables()).problems).toEqual([expect.stringMatching(/counts/)]);
    await reading.close();
    await catalog.close();
  });
});

describe("reading the catalog", () => {
  it("the catalog finds, filters, counts and pages in the order of ids, by offset and by cursor", async () => {
    const names = Array.from({ length: 25 }, (_, i) => String(i));
    const writing = await filled(
      names.map((name, i) => image(name, i % 3 === 0 ? { collection: "b", facility: "Other" } : {})),
    );
    await writing.close();
    const catalog = await openCatalog(database.settings);
    expect(await catalog.findImage("urn:nasa:pds:made:a:1")).toEqual(image("1").record);
    expect(await catalog.findImage("urn:nasa:pds:made:a:none")).toBeUndefined();
    // more identifiers than one statement has, and some that only look like those of images
    const asked = ["4", "23", "none", "4'", '4"', "%"].map((name) => `urn:nasa:pds:made:a:${name}`);
    const others = Array.from({ length: 1200 }, (_, i) => `urn:nasa:pds:made:a:no-${i}`);
    const found = await catalog.findImages([asked[0]!, ...others, ...asked.slice(1)]);
    expect([...found].sort()).toEqual(
      ["23", "4"].map((name) => [asked.find((id) => id.endsWith(`:${name}`)), image(name).record]),
    );
    expect(await catalog.findImages([])).toEqual(new Map());
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

  it("the catalog pages far into consecutive and scattered ids (slice of all rows)", async () => {
    const writing = await filled(
      Array.from({ length: 3000 }, (_, i) => image(String(i), { collection: i < 1500 ? "a" : `b${i % 2}` })),
    );
    await writing.close();
    const catalog = await openCatalog(database.settings);
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

  it("the catalog searches by position, time, target, filter and LID prefix", async () => {
    const writing = await filled([
      image("one", { target: "Vesta" }),
      image("two"),
      image("three", { collection: "b" }),
    ]);
    await writing.close();
    const catalog = await openCatalog(database.settings);
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
    const { startTime, stopTime, exposure, filter, corners } = image("two").detail;
    const derived = { midMjd: 59000.25, centerRa: expect.closeTo(0, 9), centerDec: expect.closeTo(0, 9) };
    expect(nearest.images[0]?.detail).toEqual({
      ...{ startTime, stopTime, exposure, filter, corners },
      ...derived,
    });
    await catalog.close();
  });
});

describe("a database created by the Python service", () => {
  it("a database created by the Python service is served unchanged, and adopted in place", async () => {
    await database.execute(`${existingTable()}; ${INSERT}`);
    const rows = await database.execute("SELECT * FROM image");
    const bare = await openCatalog(database.settings);
    expect(bare.warnings).toEqual([expect.stringMatching(/sbnsis migrate/)]);
    expect((await bare.queryImages({ maxrec: 5, offset: 0 })).total).toBe(1);
    expect(await bare.summarize()).toMatchObject([{ facility: "F", count: 1 }]);
    await bare.close();

    const catalog = await openWritableCatalog(database.settings);
    const steps = engineOf(database.settings).migrations;
    expect((await catalog.pendingMigrations()).map(({ version }) => version)).toEqual(
      steps.map(({ version }) => version),
    );
    expect(await catalog.createTables()).toEqual(steps);
    expect(await catalog.createTables()).toHaveLength(0);
    expect(await database.execute("SELECT * FROM image")).toEqual(rows);
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await database.execute(INSERT.replace(":a:1", ":a:2"));
    await catalog.close();

    const served = await openCatalog(database.settings);
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

  it("verification reports what a database created by the Python service lacks, and a schema newer than the code", async () => {
    await database.execute(
      "CREATE TABLE image (id INTEGER PRIMARY KEY, obs_id VARCHAR NOT NULL, collection INTEGER)",
    );
    const catalog = await openWritableCatalog(database.settings);
    const { problems } = await catalog.verifyTables();
    expect(problems).toContain("table image lacks the column facility");
    expect(problems).toContainEqual(expect.stringMatching(/^column image.collection has the type integer$/i));
    expect(problems).toContain("column image.obs_id has no unique index");
    await catalog.close();
    await database.execute("CREATE TABLE sis_schema (version INTEGER); INSERT INTO sis_schema VALUES (99)");
    const refusal = { code: "CATALOG_SCHEMA", message: expect.stringMatching(/schema 99/) };
    await expect(openCatalog(database.settings)).rejects.toMatchObject(refusal);
    const writing = await openWritableCatalog(database.settings);
    await expect(writing.createTables()).rejects.toMatchObject(refusal);
    await expect(writing.write([image("one")])).rejects.toMatchObject(refusal);
    await writing.close();
  });

  it("a database without a table image is not served", async () => {
    await database.execute("CREATE TABLE other (x INTEGER)");
    await expect(openCatalog(database.settings)).rejects.toMatchObject({ code: "CATALOG_SCHEMA" });
  });
});
