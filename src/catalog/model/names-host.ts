import { type Kysely, sql } from "kysely";
import { dialectOf } from "../engines/dialect.ts";
import type { CatalogTables } from "../schema/tables.ts";

/**
 * Whether the catalog names a label, or in PostgreSQL a file, on a host by http or https. SQLite
 * uses the index of labels, which are beside the files: a scan of all rows would block the process.
 *
 * @param host `host:port`
 */
export async function namesHost(database: Kysely<CatalogTables>, host: string): Promise<boolean> {
  for (const beginning of beginningsOf(host)) {
    const found =
      dialectOf(database) === "sqlite"
        ? sql`label_url >= ${beginning} and label_url < ${`${beginning.slice(0, -1)}0`}`
        : sql`left(label_url, ${sql.lit(beginning.length)}) = ${beginning} or left(image_url, ${sql.lit(beginning.length)}) = ${beginning}`;
    const { rows } = await sql`select 1 from image where ${found} limit 1`.execute(database);
    if (rows.length > 0) return true;
  }
  return false;
}

/** Prefixes of URLs on a host, each up to the slash; the next character is 0. */
function beginningsOf(host: string): readonly string[] {
  const [, name = host, port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
  return [
    ...(["80", ""].includes(port) ? [`http://${name}/`] : []),
    ...(["443", ""].includes(port) ? [`https://${name}/`] : []),
    `http://${host}/`,
    `https://${host}/`,
  ];
}
