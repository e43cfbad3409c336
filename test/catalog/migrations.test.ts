import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { COLUMN_TYPES } from "../../src/catalog/model/column.ts";
import { columnsOf } from "../../src/catalog/model/image.ts";
import { engineOf, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { madeImage } from "../support/catalog/made-catalog.ts";
import { type TestDatabase, testDatabase } from "../support/catalog/test-database.ts";
import { repositoryRoot } from "../support/oracles.ts";

// on SQLite; test/interop/postgres/postgres.interop.test.ts runs the same tests on PostgreSQL
let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => await database.drop());

describe("the migrations of the catalog", () => {
  it.each(["image", "image_detail"] as const)(
    "migrations create the columns of %s that the table of columns has (information of the database)",
    async (table) => {
      const catalog = await openWritableCatalog(database.settings);
      await catalog.createTables();
      await catalog.close();
      const isSqlite = database.settings.dialect === "sqlite";
      const rows = await database.execute(
        isSqlite
          ? `SELECT name, type, "notnull" AS required FROM pragma_table_info('${table}')`
          : `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull::int AS required
             FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0`,
      );
      const found = new Map(rows.map(({ name, ...rest }) => [name, rest]));
      const columns = columnsOf(table, Number.POSITIVE_INFINITY);
      const keys = table === "image" ? ["id"] : ["image_id", "label_stamp"];
      expect([...found.keys()].sort()).toEqual([...keys, ...columns.map(({ name }) => name)].sort());
      for (const { name, type, isRequired = false } of columns) {
        const { declared, accepted } = COLUMN_TYPES[type];
        const stored = isSqlite ? declared : declared.toLowerCase().replace("varchar", "character varying");
        expect(found.get(name), name).toEqual({ type: stored, required: isRequired ? 1 : 0 });
        expect(stored, name).toMatch(accepted);
      }
    },
  );

  it("migrations fill the columns derived from others in rows of an older schema (values of new rows)", async () => {
    const corners = [
      [359, 1],
      [1, 1],
      [1, -1],
      [359, -1],
    ] as const;
    const images = Array.from({ length: 1500 }, (_, i) =>
      madeImage(String(i), {
        record: { collection: "urn:nasa:pds:gbo.ast.atlas.survey:58000" },
        detail: { startMjd: 58_000 + i, stopMjd: 58_000.5 + i, filter: i % 2 === 0 ? "c" : "t", corners },
      }),
    );
    const read = `SELECT survey, em_min, em_max, mid_mjd, s_ra, s_dec, s_fov FROM image_detail ORDER BY image_id`;
    const catalog = await openWritableCatalog(database.settings);
    await catalog.createTables();
    await catalog.write(images);
    const written = await database.execute(read);
    expect(written[0]).toMatchObject({ survey: "ATLAS", em_min: 4.2e-7, em_max: 6.5e-7, mid_mjd: 58_000.25 });
    expect(written[1]).toMatchObject({ survey: "ATLAS", em_min: null, em_max: null, mid_mjd: 58_001.25 });
    // the diagonal of a square of 2 degrees, by the spherical law of cosines
    expect(written[0]!.s_fov).toBeCloseTo(2.828355, 5);

    const { migrations } = engineOf(database.settings);
    const columns = columnsOf("image_detail", 6).filter(({ since }) => since === 6);
    await database.execute(
      [
        "DELETE FROM sis_schema WHERE version >= 6",
        "DROP INDEX ix_image_detail_survey",
        "DROP INDEX ix_image_obs_id_mixed",
        "DROP INDEX ix_image_calibration_level",
        "DROP TABLE image_coverage",
        ...columns.map(({ name }) => `ALTER TABLE image_detail DROP COLUMN ${name}`),
        "SELECT 1",
      ].join(";"),
    );
    expect(await catalog.createTables()).toEqual(migrations.filter(({ version }) => version >= 6));
    expect(await database.execute(read)).toEqual(written);
    await catalog.close();
  });

  it("migrations create nothing that verification misses, and a missing or changed column of image_detail is reported (by hand)", async () => {
    const catalog = await openWritableCatalog(database.settings);
    await catalog.createTables();
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await database.execute("ALTER TABLE image_detail DROP COLUMN md5");
    expect((await catalog.verifyTables()).problems).toEqual(["table image_detail lacks the column md5"]);
    await database.execute("ALTER TABLE image_detail ADD COLUMN md5 INTEGER");
    expect((await catalog.verifyTables()).problems).toEqual([
      expect.stringMatching(/^column image_detail.md5 has the type INTEGER$/i),
    ]);
    await catalog.close();
  });

  it("migrations have ascending numbers, a title, and no empty statement", () => {
    const { migrations } = engineOf(database.settings);
    const versions = migrations.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    for (const { title, up } of migrations) {
      expect(title).not.toBe("");
      expect(up.length).toBeGreaterThan(0);
      for (const statement of up) expect(statement).toMatch(/^[A-Z].*[^;]$/s);
    }
  });
});

describe("what differs between databases", () => {
  it("what differs between databases is only in engines/: no other source asks which database it is (search for the names)", () => {
    const asking = /\b(?:DB_DIALECT|dialect)\s*[!=]==|\bswitch \(.*dialect|instanceof (?:Sqlite|Postgres)/i;
    const sources = readdirSync(join(repositoryRoot, "src"), { recursive: true, encoding: "utf8" }).filter(
      (path) => path.endsWith(".ts") && !path.startsWith(join("catalog", "engines")),
    );
    const found = sources.filter((path) =>
      asking.test(readFileSync(join(repositoryRoot, "src", path), "utf8")),
    );
    expect(found).toEqual([]);
  });
});
