import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog, openInspection, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import { CORNERS, madeImage } from "../../support/catalog/made-catalog.ts";
import { freePort } from "../../support/cluster/service-under-test.ts";
import { claimOf, doneItem, testJob } from "../../support/jobs/job-database.ts";
import { repositoryRoot } from "../../support/oracles.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));

/** A PgBouncer in front of a server, with two connections to it in total. */
async function startPooler(
  server: PostgresServer,
  mode: string,
  poolSize = 2,
): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = join(server.folder, `pgbouncer-${port}`);
  mkdirSync(folder);
  writeFileSync(
    join(folder, "users.txt"),
    `"sbnsis_serve" "change-me-serve"\n"sbnsis_harvest" "change-me-harvest"\n`,
  );
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, "users.txt")}
pool_mode = ${mode}
default_pool_size = ${poolSize}
logfile = ${join(folder, "log")}
`,
  );
  const uid =
    process.getuid?.() === 0
      ? Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" }))
      : undefined;
  if (uid !== undefined) chownSync(folder, uid, uid);
  const pooler: ChildProcess = spawn(program!, [join(folder, "pgbouncer.ini")], {
    stdio: "ignore",
    ...(uid !== undefined && { uid, gid: uid }),
  });
  await expect
    .poll(() => existsSync(join(folder, "log")) && readFileSync(join(folder, "log"), "utf8"), {
      timeout: 10_000,
    })
    .toMatch(/listening on 127/);
  return {
    port,
    stop: async () => {
      const over = once(pooler, "exit");
      pooler.kill("SIGKILL");
      await over;
    },
  };
}

describe.skipIf(programs === undefined || program === undefined)(
  "a catalog behind PgBouncer (.ci/install-tools installs it)",
  () => {
    let server: PostgresServer;
    const name = "sky";
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
      await server.execute("postgres", `CREATE DATABASE ${name}`);
      const text = readFileSync(join(repositoryRoot, "docs", "postgresql.md"), "utf8");
      const documented = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql);
      await server.execute(name, documented[0] ?? "");
      await server.execute(name, documented.find((sql) => sql.includes("ALTER ROLE")) ?? "");
    });
    afterAll(async () => await server.destroy());

    const settings = (port: number, role: "serve" | "harvest", pooler: DatabaseSettings["pooler"]) => ({
      ...server.settings(name, `127.0.0.1:${port}`),
      username: `sbnsis_${role}`,
      password: `change-me-${role}`,
      pooler,
    });
    const page = { maxrec: 10, offset: 0 } as const;

    it.each(["session", "transaction"] as const)(
      "a catalog behind PgBouncer in %s pooling, with DB_POOLER, is created, filled, verified and searched by eight workers at once (rows written)",
      async (mode) => {
        const pooler = await startPooler(server, mode);
        const harvesting = await openWritableCatalog(settings(pooler.port, "harvest", mode));
        await harvesting.createTables();
        const images = Array.from({ length: 1200 }, (_, i) =>
          madeImage(`${mode}${i}`, { record: { facility: mode }, detail: { corners: CORNERS } }),
        );
        expect(new Set(await harvesting.write(images))).toEqual(new Set(["added"]));
        await harvesting.finishWriting();
        const tables = openInspection(settings(pooler.port, "harvest", mode));
        expect(await tables.verifyTables()).toEqual({ problems: [], remarks: [] });
        await tables.close();
        await harvesting.close();
        // with session pooling, each client keeps a connection of the server until it is closed
        const workers = mode === "session" ? 1 : 8;
        const catalogs = await Promise.all(
          Array.from({ length: workers }, () => openCatalog(settings(pooler.port, "serve", mode))),
        );
        const around = { ...page, order: "distance", place: { ra: 10.5, dec: 0.5, radius: 0 } } as const;
        for (let round = 0; round < 5; round += 1) {
          const totals = await Promise.all(
            catalogs.map(async (catalog) => [
              (await catalog.queryImages({ ...page, facility: mode })).total,
              (await catalog.findImage(images[round]!.record.obsId))?.facility,
              (await catalog.searchImages({ ...around, facility: mode })).total,
            ]),
          );
          expect(totals).toEqual(Array.from({ length: workers }, () => [1200, mode, 1200]));
        }
        for (const catalog of catalogs) await catalog.close();
        await pooler.stop();
      },
    );

    it.each(["session", "transaction"] as const)(
      "jobs behind PgBouncer in %s pooling are run by two processes at once: one result for each item, none twice",
      async (mode) => {
        const database = `jobs_${mode}`;
        await server.execute("postgres", `CREATE DATABASE ${database} OWNER sbnsis_harvest`);
        // a session keeps its connection: up to 3 for each process
        const pooler = await startPooler(server, mode, mode === "session" ? 6 : 2);
        const url = `postgresql://sbnsis_harvest:change-me-harvest@127.0.0.1:${pooler.port}/${database}`;
        const queues = [openJobs({ database: url }), openJobs({ database: url })] as const;
        await queues[0].submit(testJob("a", 48));
        const take = async (queue: JobQueue) => {
          for (let claim = await claimOf(queue); claim !== undefined; claim = await claimOf(queue)) {
            for (const { item } of claim.items)
              expect(await queue.store(claim, [doneItem(item)], 60_000)).toBe(true);
          }
        };
        await Promise.all(queues.map(take));
        expect(await queues[1].get("a")).toMatchObject({ phase: "COMPLETED", items: 48, done: 48 });
        const stored = await queues[1].events("a", { limit: 100 });
        expect(stored.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
        expect(stored.map(({ item }) => item).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 48 }, (_, i) => i),
        );
        for (const queue of queues) await queue.close();
        await pooler.stop();
      },
    );

    it("a catalog behind PgBouncer without DB_POOLER is refused, naming the setting (PgBouncer refuses the startup parameters)", async () => {
      const pooler = await startPooler(server, "statement");
      await expect(openCatalog(settings(pooler.port, "serve", "none"))).rejects.toMatchObject({
        code: "CATALOG_UNAVAILABLE",
        message: expect.stringMatching(/set DB_POOLER to session or transaction$/),
      });
      await pooler.stop();
    });
  },
);
