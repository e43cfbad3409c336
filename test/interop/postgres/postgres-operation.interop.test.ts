import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { POSTGRESQL } from "../../../src/catalog/engines/postgres/postgres-engine.ts";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { BLOCK_IDS } from "../../../src/catalog/paging/block-counts.ts";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { CORNERS, madeImage } from "../../support/catalog/made-catalog.ts";
import type { TestDatabase } from "../../support/catalog/test-database.ts";
import { repositoryRoot } from "../../support/oracles.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const server = programs === undefined ? undefined : await PostgresServer.create(programs);
afterAll(async () => await server?.destroy());

const page = { maxrec: 10, offset: 0 } as const;

describe.skipIf(server === undefined)("PostgreSQL (.ci/install-tools installs it)", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await server!.database();
  });
  afterEach(async () => await database.drop());

  async function filled(count: number): Promise<void> {
    const catalog = await openWritableCatalog(database.settings);
    await catalog.createTables();
    await catalog.write(Array.from({ length: count }, (_, i) => madeImage(`n${i}`)));
    await catalog.close();
  }

  function documentedSql(): readonly string[] {
    const text = readFileSync(join(repositoryRoot, "docs", "postgresql.md"), "utf8");
    return [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql);
  }

  const as = (role: string): DatabaseSettings => ({
    ...database.settings,
    username: `sbnsis_${role}`,
    password: `change-me-${role}`,
  });

  async function dropRoles(): Promise<void> {
    for (const role of ["sbnsis_harvest", "sbnsis_serve"])
      await database.execute(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }

  it("PostgreSQL is reached by TCP with a password, by the folder of its socket, and by an empty host", async () => {
    await filled(1);
    const name = database.settings.name;
    const reach = async (settings: DatabaseSettings) => {
      const catalog = await openCatalog(settings);
      const { total } = await catalog.queryImages(page);
      await catalog.close();
      return total;
    };
    expect(await reach(server!.settings(name))).toBe(1);
    expect(await reach(server!.settings(name, `${server!.folder}:${server!.port}`))).toBe(1);
    const before = { ...process.env };
    process.env.PGHOST = server!.folder;
    process.env.PGPORT = String(server!.port);
    try {
      expect(await reach({ ...server!.settings(name, ""), username: "", password: "" })).toBe(1);
    } finally {
      process.env = before;
    }
    const wrong = { ...server!.settings(name), password: "wrong" };
    await expect(reach(wrong)).rejects.toMatchObject({
      code: "CATALOG_UNAVAILABLE",
      message: expect.stringMatching(/password/),
    });
    await expect(reach({ ...wrong, host: "127.0.0.1:1" })).rejects.toMatchObject({
      code: "CATALOG_UNAVAILABLE",
    });
  });

  it("one PostgreSQL role harvests, and one serves and can write nothing (the SQL of docs/postgresql.md)", async () => {
    await database.execute(documentedSql()[0] ?? "");
    const harvesting = await openWritableCatalog(as("harvest"));
    await harvesting.createTables();
    const image = madeImage("one", { detail: { corners: CORNERS } });
    expect(await harvesting.write([image])).toEqual(["added"]);
    await harvesting.seal();
    expect(await harvesting.verifyTables()).toEqual({ problems: [], remarks: [] });

    const serving = await openCatalog(as("serve"));
    expect(await serving.findImage(image.record.obsId)).toEqual(image.record);
    expect(await serving.findDetail(image.record.obsId)).toMatchObject(image.detail);
    expect((await serving.queryImages(page)).total).toBe(1);
    expect((await serving.queryImages({ ...page, facility: "Scope", instrument: "Camera" })).total).toBe(1);
    expect(await serving.summarize()).toHaveLength(1);
    const around = { ...page, order: "distance", place: { ra: 10.5, dec: 0.5, radius: 0 } } as const;
    expect((await serving.searchImages(around)).total).toBe(1);
    await serving.close();

    const [, host, port] = /^(.*):(\d+)$/.exec(as("serve").host)!;
    const client = new pg.Client({
      host: host!,
      port: Number(port),
      user: "sbnsis_serve",
      password: "change-me-serve",
      database: database.settings.name,
    });
    await client.connect();
    for (const attempt of [
      "INSERT INTO image SELECT * FROM image",
      "UPDATE image SET target = 'x'",
      "DELETE FROM image",
      "TRUNCATE image",
      "UPDATE image_detail SET title = 'x'",
      "DELETE FROM image_footprint",
      "INSERT INTO image_count_change VALUES ('a', 'b', 'c', 'd', 1)",
      "INSERT INTO image_block VALUES ('all', '', 0, 1)",
      "UPDATE image_sealed SET blocks = 9",
      "INSERT INTO sis_schema VALUES (9)",
      "CREATE TABLE mine (x INTEGER)",
      "SELECT nextval('image_id_seq')",
    ]) {
      await expect(client.query(attempt), attempt).rejects.toMatchObject({ code: "42501" });
    }
    await client.end();
    await harvesting.close();
    await dropRoles();
  });

  it("both PostgreSQL roles work in tables of another owner (the SQL of docs/postgresql.md)", async () => {
    const [roles = "", grants = ""] = documentedSql();
    await filled(1);
    await database.execute(roles);
    await database.execute(grants);
    const harvesting = await openWritableCatalog(as("harvest"));
    expect(await harvesting.createTables()).toEqual([]);
    const again = madeImage("n0", { detail: { versionId: "2.0" } });
    expect(await harvesting.write([again, madeImage("new")])).toEqual(["updated", "added"]);
    await database.execute(
      `INSERT INTO image (id, obs_id, collection, facility, instrument) VALUES (${BLOCK_IDS}, 'a', 'b', 'c', 'd')`,
    );
    await harvesting.seal();
    expect(await database.execute("SELECT blocks::int FROM image_sealed")).toEqual([{ blocks: 1 }]);
    const known = await harvesting.knownLabels(["file:///data/new.xml"]);
    expect(known).toEqual([]);
    expect(await harvesting.deleteImages([1])).toBe(1);
    await harvesting.close();
    const serving = await openCatalog(as("serve"));
    expect((await serving.queryImages(page)).total).toBe(2);
    expect((await serving.queryImages({ ...page, facility: "Scope", instrument: "Camera" })).total).toBe(1);
    await serving.close();
    await dropRoles();
  });

  it("schema 4 on PostgreSQL is served and harvested into; step 5 adds corners to its footprints, with owner and privileges kept", async () => {
    const earlier = POSTGRESQL.migrations.filter(({ version }) => version <= 4);
    const steps = earlier.map(({ version, up }) => [...up, `INSERT INTO sis_schema VALUES (${version})`]);
    await database.execute(
      ["CREATE TABLE sis_schema (version INTEGER PRIMARY KEY)", ...steps.flat()].join(";\n"),
    );
    await database.execute(
      "CREATE ROLE sbnsis_harvest LOGIN; CREATE ROLE sbnsis_serve LOGIN PASSWORD 'change-me-serve'; ALTER TABLE image_footprint OWNER TO sbnsis_harvest",
    );
    // step 8 creates image_coverage
    await database.execute((documentedSql()[1] ?? "").replaceAll(", image_coverage", ""));
    const at = (ra: number) =>
      [
        [ra, 1],
        [ra + 1, 1],
        [ra + 1, 0],
        [ra, 0],
      ] as const;
    const writing = await openWritableCatalog(database.settings);
    const put = async (name: string, ra: number, versionId = "1.0") =>
      await writing.write([madeImage(name, { detail: { corners: at(ra), versionId } })]);
    await put("one", 10);
    await put("two", 10.2);
    await put("nowhere", 200);
    const moved = async (first: number) => [
      ...(await put("two", 90, `${first}.0`)),
      ...(await put("two", 10.2, `${first + 1}.0`)),
    ];
    expect(await moved(2)).toEqual(["updated", "updated"]);
    const found = async () => {
      const serving = await openCatalog(as("serve"));
      const orders = (["id", "distance", "time"] as const).map(async (order) => {
        const place = { ra: 10.6, dec: 0.5, radius: 0 };
        const { images } = await serving.searchImages({ ...page, order, place });
        return images.map(({ record, detail }) => [record.obsId.split(":").at(-1), detail?.corners]);
      });
      const all = await Promise.all(orders);
      await serving.close();
      return [serving.warnings.length, all];
    };
    const pair = [
      ["one", at(10)],
      ["two", at(10.2)],
    ];
    const both = [pair, pair.toReversed(), pair];
    expect(await found()).toEqual([1, both]);
    expect((await writing.createTables()).map(({ version }) => version)).toEqual([5, 6, 7, 8, 9]);
    expect(await found()).toEqual([0, both]);
    expect(await moved(4)).toEqual(["updated", "updated"]);
    expect(await found()).toEqual([0, both]);
    expect(
      await database.execute(
        "SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname IN ('image_footprint', 'image_footprint_pkey', 'ix_image_footprint')",
      ),
    ).toEqual(Array.from({ length: 3 }, () => ({ owner: "sbnsis_harvest" })));
    expect(await writing.verifyTables()).toEqual({ problems: [], remarks: [] });
    await database.execute("UPDATE image_footprint SET corners = '[]' WHERE id = 1");
    expect((await writing.verifyTables()).problems).toEqual([
      "the corners of 1 images differ between image_footprint and image_detail",
    ]);
    await database.execute("DELETE FROM image WHERE obs_id LIKE '%one'");
    expect(await database.execute("SELECT count(*)::int AS n FROM image_footprint")).toEqual([{ n: 2 }]);
    await writing.close();
    await database.execute("REASSIGN OWNED BY sbnsis_harvest TO CURRENT_USER");
    await dropRoles();
  });

  it("a catalog on PostgreSQL serves again after a restart of the server, and reports meanwhile that it is unavailable", async () => {
    await filled(3);
    const catalog = await openCatalog(database.settings);
    expect((await catalog.queryImages(page)).total).toBe(3);
    await server!.stop();
    await expect(catalog.queryImages(page)).rejects.toMatchObject({ code: "CATALOG_UNAVAILABLE" });
    await server!.start();
    expect((await catalog.queryImages(page)).total).toBe(3);
    await server!.stop();
    await server!.start();
    expect((await catalog.queryImages(page)).total).toBe(3);
    await catalog.close();
  });

  it("three concurrent writers on PostgreSQL keep every image once and the counts correct (count(*))", async () => {
    await filled(0);
    const images = Array.from({ length: 3000 }, (_, i) =>
      madeImage(`n${i}`, { record: { facility: `F${i % 5}` } }),
    );
    const harvest = async (order: typeof images) => {
      const catalog = await openWritableCatalog(database.settings);
      const outcomes: string[] = [];
      for (let at = 0; at < order.length; at += 250)
        outcomes.push(...(await catalog.write(order.slice(at, at + 250))));
      await catalog.close();
      return outcomes;
    };
    // like the existing service: one row after another in one long transaction
    const existing = async () => {
      const rows = Array.from(
        { length: 1500 },
        (_, i) =>
          `INSERT INTO image (obs_id, collection, facility, instrument, data_product_type) VALUES ('old${i}', 'c', 'F', 'I', 'image')`,
      );
      await database.execute(`BEGIN; ${rows.join("; ")}; COMMIT`);
    };
    const [first, second] = await Promise.all([harvest(images), harvest([...images].reverse()), existing()]);
    const outcomes = [...first, ...second];
    expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(3000);
    expect(outcomes.filter((outcome) => outcome === "known")).toHaveLength(3000);
    const [counts] = await database.execute(
      "SELECT (SELECT count(*) FROM image)::int AS images, (SELECT count(*) FROM image_detail)::int AS details, (SELECT count(*) FROM image_count_change)::int AS changes",
    );
    expect(counts).toMatchObject({ images: 4500, details: 3000 });
    expect(counts?.changes).toBeLessThan(1000);
    const catalog = await openWritableCatalog(database.settings);
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await catalog.close();
  });

  it("sealing on PostgreSQL leaves blocks of ids for later while another program writes, and does not wait for it", async () => {
    await filled(10);
    const rows = `INSERT INTO image (id, obs_id, collection, facility, instrument)
      SELECT i, 'lid' || i, 'c', 'f', 'i' FROM generate_series`;
    await database.execute(`${rows}(100, ${2 * BLOCK_IDS}) AS i`);
    const blocks = async () => Number((await database.execute("SELECT blocks FROM image_sealed"))[0]?.blocks);
    const [, host, port] = /^(.*):(\d+)$/.exec(database.settings.host)!;
    const { username: user, password, name } = database.settings;
    const other = new pg.Client({ host: host!, port: Number(port), user, password, database: name });
    await other.connect();
    await other.query("BEGIN");
    // an id of a block that is full, in a transaction that began before it is counted
    await other.query(
      "INSERT INTO image (id, obs_id, collection, facility, instrument) VALUES (50, 'late', 'c', 'f', 'i')",
    );
    const catalog = await openWritableCatalog(database.settings);
    await catalog.seal();
    expect(await blocks()).toBe(0);
    await other.query("COMMIT");
    await catalog.seal();
    expect(await blocks()).toBe(2);
    // and one that comes after it was counted
    await other.query(
      "INSERT INTO image (id, obs_id, collection, facility, instrument) VALUES (51, 'later', 'c', 'f', 'i')",
    );
    await other.end();
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await catalog.close();
  });

  it("details and counts on PostgreSQL are deleted when the table is emptied (TRUNCATE)", async () => {
    await filled(10);
    await database.execute("TRUNCATE image");
    const catalog = await openWritableCatalog(database.settings);
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await catalog.close();
    expect(await database.execute("SELECT * FROM image_detail")).toEqual([]);
    expect(await database.execute("SELECT * FROM image_block")).toEqual([]);
  });

  it("PostgreSQL finds a LID by one probe of an index (EXPLAIN)", async () => {
    await filled(2000);
    const plan = await database.execute("ANALYZE; EXPLAIN SELECT * FROM image WHERE obs_id = 'x'");
    expect(plan.map((row) => row["QUERY PLAN"]).join()).toMatch(/Index Scan using \w*obs_id/);
  });
});
