import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseVariables } from "../../support/catalog/test-database.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();

describe.skipIf(programs === undefined)(
  "a PostgreSQL server that is killed while the service runs",
  { timeout: 120_000 },
  () => {
    let place: Workplace;
    let server: PostgresServer;
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
      await server.execute("postgres", "CREATE DATABASE sky");
      place = await workplace();
      for (const [name, value] of Object.entries(databaseVariables(server.settings("sky"))))
        place.set(name, value);
      for (const command of ["create-tables", "start"]) {
        expect((await place.run("sbnsis", command)).stderr).toBe("");
      }
    });
    afterAll(async () => {
      await place.dispose();
      await server.destroy();
    });

    const ask = async (path: string) => {
      const answer = await fetch(`${place.base}${path}`, { headers: { accept: "application/json" } });
      return [answer.status, ((await answer.json()) as { readonly code?: string }).code];
    };

    it("while a PostgreSQL server is killed, responses are 503 with a code; once it is back, the same workers serve everything", async () => {
      const before = await place.workers();
      expect(await ask("/query")).toEqual([200, undefined]);
      await server.kill();
      for (let i = 0; i < 8; i++) {
        expect(await ask("/query")).toEqual([503, "CATALOG_UNAVAILABLE"]);
        expect(await ask("/images/urn:nasa:pds:none")).toEqual([503, "CATALOG_UNAVAILABLE"]);
      }
      // a readiness result is valid for a second
      await expect.poll(async () => (await ask("/ready"))[0], { timeout: 10_000 }).toBe(503);
      expect((await ask("/health"))[0]).toBe(200);
      await server.start();
      await expect.poll(() => ask("/query"), { timeout: 20_000 }).toEqual([200, undefined]);
      for (let i = 0; i < 8; i++)
        expect(await ask("/images/urn:nasa:pds:none")).toEqual([404, "IMAGE_NOT_FOUND"]);
      await expect.poll(async () => (await ask("/ready"))[0], { timeout: 10_000 }).toBe(200);
      expect(await place.workers()).toEqual(before);
    });
  },
);
