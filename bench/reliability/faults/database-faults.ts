import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { PostgresServer } from "../../../test/support/servers/postgres-server.ts";
import { excused, type Fault, lastFor, type Part, type Scene } from "./part.ts";
import type { Kind } from "./tally.ts";

/** A result of readiness is valid for a second; a worker then tries again when requested. */
const AWAY_AFTER_MS = 2_000;

const isDatabaseAway = (kind: Kind, outcome: string) =>
  kind === "ready" ? outcome.startsWith("503") : outcome === "503 CATALOG_UNAVAILABLE";

/** Outages of a PostgreSQL server, and connections that it closes. */
export function postgresFaults(server: PostgresServer, database: string): Part {
  const away =
    (name: string, stop: () => Promise<void>, most: number): Fault =>
    (scene, random) =>
      excused(scene, name, isDatabaseAway, AWAY_AFTER_MS, async () => {
        await stop();
        await lastFor(random, 0, most);
        await server.start();
      });
  const names = {
    restart: "database: PostgreSQL restarted",
    away: "database: PostgreSQL stopped for up to 8 s",
    killed: "database: PostgreSQL killed (KILL)",
  };
  return {
    [names.restart]: away(names.restart, () => server.stop(), 0),
    [names.away]: away(names.away, () => server.stop(), 8),
    [names.killed]: away(names.killed, () => server.kill(), 1),
    "database: all its connections terminated": async (_, random) => {
      await server.execute(
        "postgres",
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
      );
      await lastFor(random, 1, 2);
    },
  };
}

/** Makes a copy of the database with one more image, as an operator would on another machine. */
async function successor({ place, expected, complain }: Scene, path: string): Promise<string | undefined> {
  const copy = place.path("db", "copy.db");
  const source = new DatabaseSync(path, { readOnly: true });
  source.exec(`VACUUM INTO '${copy}'`);
  source.close();
  const elsewhere = place.path("elsewhere");
  mkdirSync(elsewhere, { recursive: true });
  writeFileSync(join(elsewhere, ".env"), `DB_DATABASE=${copy}\n`);
  place.own(elsewhere);
  place.own(place.path("db"));
  const label = place.labelsOf("extra")[extras++];
  if (label === undefined) return copy;
  const { status, text } = await place.add([label], elsewhere);
  if (status !== 0) complain(`harvest into a copy: ${status}: ${text}`);
  expected.before = expected.count;
  expected.count += 1;
  return copy;
}

let extras = 0;

/** SQLite files that are replaced, locked, or in a folder that cannot be written to. */
export function sqliteFaults(path: string): Part {
  const replaced =
    (name: string, command: "mv" | "cp"): Fault =>
    (scene, random) =>
      scene.alone(async () => {
        // while it is written, the old and the new response are both correct
        scene.expected.since = Number.POSITIVE_INFINITY;
        const copy = await successor(scene, path);
        if (copy === undefined) return;
        // only a file that is overwritten in place is briefly neither of them
        const isPartial = (kind: Kind, outcome: string) => command === "cp" && isDatabaseAway(kind, outcome);
        await excused(scene, name, isPartial, command === "cp" ? 1_000 : 0, async () => {
          await scene.place.run(command, [copy, path]);
        });
        scene.expected.since = performance.now();
        rmSync(copy, { force: true });
        for (const suffix of ["-wal", "-shm"]) rmSync(`${copy}${suffix}`, { force: true });
        await lastFor(random, 1, 3);
      });
  return {
    "SQLite replaced by mv": replaced("SQLite replaced by mv", "mv"),
    "SQLite replaced by cp": replaced("SQLite replaced by cp", "cp"),
    "SQLite in a folder that cannot be written to": (scene, random) =>
      scene.alone(async () => {
        chmodSync(scene.place.path("db"), 0o555);
        chmodSync(path, 0o444);
        await lastFor(random, 3, 8);
        chmodSync(path, 0o644);
        chmodSync(scene.place.path("db"), 0o755);
      }),
    "SQLite locked by a writer": (scene, random) =>
      scene.alone(async () => {
        const writer = new DatabaseSync(path);
        writer.exec("BEGIN IMMEDIATE");
        await lastFor(random, 2, 6);
        writer.exec("ROLLBACK");
        writer.close();
        scene.place.own(scene.place.path("db"));
      }),
  };
}
