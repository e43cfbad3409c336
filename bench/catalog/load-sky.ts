// Fills a database with the generated sky as fast as the engine allows: first the bare table of the
// existing service, which is then adopted as by `sbnsis migrate`, then the other columns from
// labels.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { footprintBox } from "../../packages/wcs/src/sky/footprint.ts";
import { detailLayout, recordLayout } from "../../src/catalog/image-writer.ts";
import { openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import type { DatabaseSettings } from "../../src/config/settings-groups.ts";
import { sqliteSettings } from "../../test/support/catalog/test-database.ts";
import { madeDetail, madeRecord } from "./made-sky.ts";

const RECORD = recordLayout();
const DETAIL = detailLayout(Number.POSITIVE_INFINITY);
const BARE_COLUMNS = `obs_id VARCHAR NOT NULL, collection VARCHAR NOT NULL, facility VARCHAR NOT NULL, instrument VARCHAR NOT NULL,
  data_product_type VARCHAR NOT NULL DEFAULT 'image', calibration_level INTEGER, target VARCHAR, pixel_scale DOUBLE PRECISION,
  image_url VARCHAR, label_url VARCHAR`;
const BARE_INDEXES =
  "CREATE UNIQUE INDEX ix_image_obs_id ON image (obs_id); CREATE INDEX ix_image_collection ON image (collection); CREATE INDEX ix_image_facility ON image (facility); CREATE INDEX ix_image_instrument ON image (instrument)";

function step(what: string, start: number): void {
  console.log(`  ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Adopts the filled table, and prints how long it took. */
async function adopt(settings: DatabaseSettings): Promise<void> {
  const start = performance.now();
  const catalog = await openWritableCatalog(settings);
  await catalog.createTables();
  await catalog.close();
  step("adopted", start);
}

/** Creates a SQLite file with `rows` frames. */
export async function loadSqlite(path: string, rows: number): Promise<void> {
  const database = new DatabaseSync(path);
  const marks = (names: readonly string[]) => names.map(() => "?").join();
  let start = performance.now();
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000");
  database.exec(`CREATE TABLE image (id INTEGER NOT NULL, ${BARE_COLUMNS}, PRIMARY KEY (id)); BEGIN`);
  const image = database.prepare(`INSERT INTO image (${RECORD.names}) VALUES (${marks(RECORD.names)})`);
  for (let i = 0; i < rows; i += 1) image.run(...RECORD.values(madeRecord(i)));
  database.exec("COMMIT");
  step("rows of image", start);
  start = performance.now();
  database.exec(BARE_INDEXES);
  step("the existing service's indexes", start);
  database.close();
  await adopt(sqliteSettings(path));
  const adopted = new DatabaseSync(path);
  start = performance.now();
  adopted.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000");
  const detail = adopted.prepare(
    `INSERT INTO image_detail (${DETAIL.names}) VALUES (${marks(DETAIL.names)})`,
  );
  const footprint = adopted.prepare("INSERT INTO image_footprint VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (let from = 0; from < rows; from += 500_000) {
    adopted.exec("BEGIN");
    for (let i = from; i < Math.min(rows, from + 500_000); i += 1) {
      const made = madeDetail(i);
      detail.run(...DETAIL.values(i + 1, { record: madeRecord(i), detail: made }));
      const box = footprintBox(made.corners!)!;
      footprint.run(i + 1, box.min[0], box.max[0], box.min[1], box.max[1], box.min[2], box.max[2]);
    }
    adopted.exec("COMMIT");
  }
  adopted.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  adopted.close();
  step("details and footprints", start);
}

/** Connection for psql. */
export interface SqlServer {
  readonly programs: string;
  readonly folder: string;
  readonly port: number;
  execute(database: string, sql: string): Promise<unknown>;
}

/** Sends rows to a table with COPY. */
async function copy(
  server: SqlServer,
  database: string,
  target: string,
  rows: number,
  line: (i: number) => readonly (string | number | null)[],
): Promise<void> {
  const call = ["-q", "-h", server.folder, "-p", String(server.port), "-d", database];
  const psql = spawn(join(server.programs, "psql"), [...call, "-c", `COPY ${target} FROM STDIN`], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const over = once(psql, "exit");
  let piece = "";
  for (let i = 0; i < rows; i += 1) {
    piece += `${line(i)
      .map((value) => value ?? "\\N")
      .join("\t")}\n`;
    if (piece.length < 1 << 20 && i < rows - 1) continue;
    if (!psql.stdin.write(piece)) await once(psql.stdin, "drain");
    piece = "";
  }
  psql.stdin.end();
  const [status] = await over;
  if (status !== 0) throw new Error(`psql ended with ${status}`);
}

/** Fills an empty PostgreSQL database with `rows` frames. */
export async function loadPostgres(
  server: SqlServer,
  settings: DatabaseSettings,
  rows: number,
): Promise<void> {
  const name = settings.name;
  let start = performance.now();
  const timed = async (what: string, sql: string) => {
    start = performance.now();
    await server.execute(name, sql);
    step(what, start);
  };
  await server.execute(name, `CREATE TABLE image (id SERIAL PRIMARY KEY, ${BARE_COLUMNS})`);
  await copy(server, name, `image (${RECORD.names})`, rows, (i) => RECORD.values(madeRecord(i)));
  step("rows of image", start);
  await timed("the existing service's indexes", BARE_INDEXES);
  await adopt(settings);
  await server.execute(name, "DROP INDEX ix_image_footprint");
  start = performance.now();
  await copy(server, name, `image_detail (${DETAIL.names})`, rows, (i) =>
    DETAIL.values(i + 1, { record: madeRecord(i), detail: madeDetail(i) }),
  );
  await copy(server, name, "image_footprint (id, xy, z, corners)", rows, (i) => {
    const { corners } = madeDetail(i);
    const { min, max } = footprintBox(corners!)!;
    const boxes = [`(${max[0]},${max[1]}),(${min[0]},${min[1]})`, `(${max[2]},0),(${min[2]},0)`];
    return [i + 1, ...boxes, JSON.stringify(corners)];
  });
  step("details and footprints", start);
  await timed(
    "index of footprints",
    "SET maintenance_work_mem = '1GB'; CREATE INDEX ix_image_footprint ON image_footprint USING gist (xy, z)",
  );
  await timed("vacuum and analyze, as the server does by itself in time", "VACUUM ANALYZE");
}
