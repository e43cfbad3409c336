import { readdirSync, readFileSync } from "node:fs";
import type { Migration } from "./tables.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
/** `NNN-name.sql` for both engines, `NNN-name.ENGINE.sql` for one. */
const FILE = /^(\d{3})-[\w-]+(?:\.(sqlite|postgresql))?\.sql$/;

/**
 * The migrations of an engine, in order: the files in `migrations/`. The first line of a file is
 * its title, as a comment; a comment `oldest: N` says that programs of schema N can use the tables
 * afterwards; empty lines separate statements. A number may be missing where a
 * migration concerns only the other engine.
 */
export function readMigrations(engine: "sqlite" | "postgresql"): readonly Migration[] {
  const migrations: Migration[] = [];
  for (const file of readdirSync(FOLDER).sort()) {
    const [, number, only = engine] = FILE.exec(file) ?? [];
    if (number === undefined) throw new Error(`${file} is not named like a migration`);
    if (only === engine) migrations.push(migrationOf(Number(number), file));
  }
  return migrations;
}

function migrationOf(version: number, file: string): Migration {
  const text = readFileSync(new URL(file, FOLDER), "utf8");
  const title = /^-- (.*)\n/.exec(text)?.[1];
  if (title === undefined) throw new Error(`the first line of ${file} is not a title`);
  const up = text
    .replaceAll(/^--.*\n/gm, "")
    .split(/;\s*\n(?:\s*\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
  const oldest = /^-- oldest: (\d+)$/m.exec(text)?.[1];
  return { version, title, up, ...(oldest !== undefined && { oldest: Number(oldest) }) };
}
