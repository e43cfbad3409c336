// Times searches by place and time on PostgreSQL before and after footprints are divided by year:
// npx tsx bench/catalog/footprint-years.ts [rows]. Frames of 2 degrees all over the sky in 20
// years, rows generated in the server; its own server in a temporary folder, removed at the end.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { anyPlace, seeded } from "../../test/support/inputs/sky-frames.ts";
import { PostgresServer, postgresPrograms } from "../../test/support/servers/postgres-server.ts";

const rows = Number(process.argv[2] ?? 10_000_000);
const FIRST_MJD = 53_371;
const DAYS = 20 * 365;
const POSTGRES_FLAGS = [
  "-F",
  "-c",
  "shared_buffers=1GB",
  "-c",
  "max_wal_size=8GB",
  "-c",
  "maintenance_work_mem=1GB",
];

const programs = postgresPrograms();
if (programs === undefined) throw new Error("PostgreSQL is not installed");
const server = await PostgresServer.open(programs, mkdtempSync(join(tmpdir(), "sis-years-")), POSTGRES_FLAGS);
const database = await server.database();
const { settings } = database;

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/**
 * The middle of a frame is spread evenly by its number (a spiral of golden angles); its corners are
 * 1 degree to either side, which is exact enough for a search.
 */
const SKY = `select i, (mod(i * 137.50776405003785::numeric, 360))::float8 as ra,
    degrees(asin(least(0.995, greatest(-0.995, 2 * (i + 0.5) / ${rows}::float8 - 1)))) as dec,
    ${FIRST_MJD} + (mod(i * 0.6180339887498949::numeric, 1))::float8 * ${DAYS} as start
  from generate_series(1, ${rows}) as i`;
const CORNERS = `format('[[%s,%s],[%s,%s],[%s,%s],[%s,%s]]', west, south, east, south, east, north, west, north)`;
const SIDES = `select *, round((ra + 360 - 1 / cos(radians(dec)))::numeric, 5) % 360 as west, round((ra + 1 / cos(radians(dec)))::numeric, 5) % 360 as east,
    round(dec::numeric - 1, 5) as south, round(dec::numeric + 1, 5) as north from sky`;
/** Half the box of the cap around a frame, generously. */
const HALF = 0.0247;

async function fill(): Promise<void> {
  const catalog = await openWritableCatalog(settings);
  await catalog.createTables();
  await catalog.close();
  // searches by place and time use none of the other indexes, nor counts
  await database.execute(`DO $$ DECLARE one record; BEGIN
      FOR one IN SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid IN ('image'::regclass, 'image_detail'::regclass)
        AND NOT indisprimary AND indexrelid::regclass::text <> 'ix_image_detail_long'
      LOOP EXECUTE 'DROP INDEX ' || one.name; END LOOP;
    END $$; ALTER TABLE image DISABLE TRIGGER USER`);
  await timed("rows of image", () =>
    database.execute(`INSERT INTO image (id, obs_id, collection, facility, instrument, data_product_type, calibration_level)
      SELECT i, 'urn:nasa:pds:made:data:n' || i, 'urn:nasa:pds:made:data', 'Scope', 'Camera', 'image', 2 FROM generate_series(1, ${rows}) AS i`),
  );
  await timed("details", () =>
    database.execute(`CREATE TEMP TABLE sky AS ${SKY};
      INSERT INTO image_detail (image_id, version_id, label_digest, start_mjd, stop_mjd, survey, corners)
        SELECT i, '1.0', 'd', start, start + 0.0003, 'made', ${CORNERS} FROM (${SIDES}) AS sides;
      DROP INDEX ix_image_footprint;
      INSERT INTO image_footprint (id, xy, z, corners)
        SELECT i, box(point(x - ${HALF}, y - ${HALF}), point(x + ${HALF}, y + ${HALF})),
          box(point(z - ${HALF}, 0), point(z + ${HALF}, 0)), corners
        FROM (SELECT i, cos(radians(ra)) * cos(radians(dec)) AS x, sin(radians(ra)) * cos(radians(dec)) AS y, sin(radians(dec)) AS z FROM sky) AS vectors
          JOIN image_detail ON image_id = i`),
  );
  await timed("index of footprints", () =>
    database.execute("CREATE INDEX ix_image_footprint ON image_footprint USING gist (xy, z)"),
  );
  await timed("vacuum and analyze", () => database.execute("VACUUM ANALYZE"));
}

async function search(what: string): Promise<void> {
  const catalog = await openCatalog(settings);
  const random = seeded(11);
  for (const days of [undefined, 30, 365]) {
    const times: number[] = [];
    let total = 0;
    for (let i = 0; i < 60; i += 1) {
      const [ra, dec] = anyPlace(random);
      const from = FIRST_MJD + random() * (DAYS - 365);
      const start = performance.now();
      const page = await catalog.searchImages({
        maxrec: 100,
        offset: 0,
        order: "id",
        place: { ra, dec: dec * 0.9, radius: 0.1 },
        ...(days !== undefined && { time: { start: from, stop: from + days } }),
      });
      if (i >= 10) times.push(performance.now() - start);
      total += page.total;
    }
    const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
    console.log(
      `${what}, ${days === undefined ? "any time" : `${days} days`}: median ${median.toFixed(1)}, p95 ${p95.toFixed(1)} ms; ${(total / 60).toFixed(0)} images`,
    );
  }
  await catalog.close();
}

const bytes = async (what: string) => {
  const [row] = await database.execute(
    `SELECT pg_size_pretty(coalesce(sum(pg_total_relation_size(relid)), pg_total_relation_size('image_footprint'))) AS footprints FROM pg_partition_tree('image_footprint')`,
  );
  console.log(`${what}: footprints ${row?.footprints ?? ""}`);
};

try {
  await fill();
  await bytes("one table");
  await search("one table");
  const writer = await openWritableCatalog(settings);
  await timed("divided by year", () => writer.divideFootprints(1));
  await writer.close();
  await timed("vacuum", () => database.execute("VACUUM image_footprint"));
  await search("by year");
  await bytes("by year");
} finally {
  await server.destroy();
}
