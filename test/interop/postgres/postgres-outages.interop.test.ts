import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databaseVariables } from "../../support/catalog/test-database.ts";
import { makeLabel } from "../../support/inputs/make-label.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();

function makeLabels(folder: string, count: number): void {
  mkdirSync(folder);
  for (let i = 0; i < count; i += 1) {
    writeFileSync(join(folder, `n${i}.xml`), makeLabel({ lid: `urn:nasa:pds:made.survey:data:n${i}` }));
  }
}

describe.skipIf(programs === undefined)(
  "a PostgreSQL server that stops (.ci/install-tools installs it)",
  { timeout: 120_000 },
  () => {
    let server: PostgresServer;
    let place: Workplace;
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
    });
    afterAll(async () => await server.destroy());
    let databases = 0;
    beforeEach(async () => {
      databases += 1;
      const name = `sky${databases}`;
      await server.execute("postgres", `CREATE DATABASE ${name}`);
      place = await workplace();
      for (const [variable, value] of Object.entries(databaseVariables(server.settings(name))))
        place.set(variable, value);
    });
    afterEach(async () => await place.dispose());

    const ask = async (path: string) => {
      const answer = await fetch(`${place.base}${path}`, {
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(30_000),
      });
      const body = (await answer.json()) as {
        readonly code?: string;
        readonly checks?: { database: string };
      };
      return { status: answer.status, code: body.code, database: body.checks?.database };
    };
    const log = () => readFileSync(join(place.directory, "logging", "sbnsis.log"), "utf8");
    const deaths = () => log().match(/"worker ended"/g)?.length ?? 0;
    const succeed = async (
      ...commands: readonly (readonly [program: "sbnsis" | "sbnsis-add", ...string[]])[]
    ) => {
      for (const [program, ...args] of commands) {
        const { status, stderr } = await place.run(program, ...args);
        expect([status, stderr], args.join(" ")).toEqual([0, program === "sbnsis" ? "" : expect.any(String)]);
      }
    };

    /** Sends requests on several connections until `isOver`, and counts the responses. */
    async function load(isOver: () => boolean): Promise<Readonly<Record<string, number>>> {
      const answers: Record<string, number> = {};
      const one = async () => {
        while (!isOver()) {
          const { status, code } = await ask("/query?order=time&maxrec=10");
          const name = code === undefined ? String(status) : `${status} ${code}`;
          answers[name] = (answers[name] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: 6 }, one));
      return answers;
    }

    it("when PostgreSQL is restarted or killed under load, or ends its connections, no worker dies and all other responses are 503", async () => {
      await succeed(["sbnsis", "create-tables"], ["sbnsis", "start"]);
      let isOver = false;
      const loading = load(() => isOver);
      for (let i = 0; i < 3; i += 1) {
        await server.execute(
          "postgres",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sbnsis'",
        );
        await server.stop();
        await server.start();
        await server.kill();
        await server.start();
      }
      await expect.poll(async () => (await ask("/query")).status, { timeout: 20_000 }).toBe(200);
      isOver = true;
      const answers = await loading;
      expect(answers["200"]).toBeGreaterThan(0);
      expect(Object.keys(answers).filter((name) => !/^(200|503 CATALOG_UNAVAILABLE)$/.test(name))).toEqual(
        [],
      );
      expect(deaths()).toBe(0);
      expect(log()).not.toMatch(/Unhandled|unhandled|uncaught/);
    });

    it("a service starts while PostgreSQL is down: /health responds, /ready says why, queries are 503; afterwards everything is served", async () => {
      await succeed(["sbnsis", "create-tables"]);
      await server.stop();
      await succeed(["sbnsis", "start"]);
      expect(await ask("/health")).toMatchObject({ status: 200 });
      expect(await ask("/query")).toMatchObject({ status: 503, code: "CATALOG_UNAVAILABLE" });
      expect(await ask("/ready")).toMatchObject({
        status: 503,
        database: "unreachable: connection refused",
      });
      // workers that replace dead ones start without it as well
      const { workers } = JSON.parse((await place.run("sbnsis", "status", "--json")).stdout) as {
        readonly workers: readonly { readonly pid: number }[];
      };
      for (const { pid } of workers) process.kill(pid, "SIGKILL");
      await expect.poll(async () => (await ask("/health").catch(() => ({ status: 0 }))).status).toBe(200);
      await server.start();
      await expect.poll(async () => (await ask("/query")).status, { timeout: 20_000 }).toBe(200);
      await expect.poll(async () => (await ask("/ready")).status, { timeout: 20_000 }).toBe(200);
    });

    it("a service that PostgreSQL refuses does not start, and says why", async () => {
      await succeed(["sbnsis", "create-tables"]);
      place.set("DB_PASSWORD", "wrong");
      const { status, stderr } = await place.run("sbnsis", "start");
      expect([status, stderr]).toEqual([1, expect.stringMatching(/password authentication failed/)]);
    });

    it("when PostgreSQL restarts while sbnsis-add writes, the harvest continues and misses no label (rows counted)", async () => {
      makeLabels(join(place.directory, "labels"), 3000);
      await succeed(["sbnsis", "create-tables"]);
      const adding = place.run("sbnsis-add", "-r", "labels");
      const database = `sky${databases}`;
      const rows = async () =>
        Number((await server.execute(database, "SELECT count(*)::int AS n FROM image"))[0]?.n);
      await expect.poll(rows, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
      await server.kill();
      await server.start();
      const { status, stdout } = await adding;
      expect([status, stdout]).toEqual([0, expect.stringMatching(/found 3000 labels, 3000 processed\.\n$/)]);
      expect(await rows()).toBe(3000);
    });

    it("when PostgreSQL refuses connections while sbnsis-add writes, it exits with 2, a reason, and the counts of its outcomes", async () => {
      makeLabels(join(place.directory, "labels"), 1500);
      await succeed(["sbnsis", "create-tables"]);
      const database = `sky${databases}`;
      await server.execute(
        database,
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON image FOR EACH ROW WHEN (NEW.obs_id LIKE '%1400') EXECUTE FUNCTION refuse()`,
      );
      const { status, stdout, stderr } = await place.run(
        "sbnsis-add",
        "-r",
        "labels",
        "--report",
        "report.jsonl",
      );
      expect([status, stdout]).toEqual([
        2,
        expect.stringMatching(/^Searched 1 directories, found 1500 labels, \d+ processed\.\n$/),
      ]);
      expect(stderr).toMatch(/sbnsis-add: the database refused a batch: disk full/);
      const report = readFileSync(join(place.directory, "report.jsonl"), "utf8").trim().split("\n");
      const outcomes = report.map((line) => (JSON.parse(line) as { readonly outcome: string }).outcome);
      expect(outcomes).toHaveLength(1500);
      expect(outcomes).toContain("failed");
    });
  },
);
