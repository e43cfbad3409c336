import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { liveCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import type { TestDatabase } from "../../support/catalog/test-database.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
/** A query of the service that waits for a lock. */
const WAITING = `pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()
  AND application_name = 'sbnsis' AND wait_event_type = 'Lock')`;

describe.skipIf(programs === undefined)(
  "a PostgreSQL server that terminates the connection of a running query (pg_terminate_backend)",
  { timeout: 60_000 },
  () => {
    let server: PostgresServer;
    let database: TestDatabase;
    let catalog: Catalog;
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
      database = await server.database();
      const writing = await openWritableCatalog(database.settings);
      await writing.createTables();
      await writing.close();
      catalog = liveCatalog(database.settings);
      await catalog.open();
    });
    afterAll(async () => {
      await catalog?.close();
      await server?.destroy();
    });

    /** Terminates the connection that runs the waiting query, as soon as there is one. */
    const terminate = async () =>
      await expect
        .poll(
          () =>
            database.execute(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE ${WAITING}`),
          {
            timeout: 10_000,
            interval: 10,
          },
        )
        .toHaveLength(1);

    /** Requests an image while its table is locked, terminating the query this many times. */
    const askWhileTerminated = async (times: number) => {
      const lock = await server.hold(database, "LOCK TABLE image IN ACCESS EXCLUSIVE MODE");
      try {
        const found = catalog.findImage("urn:nasa:pds:none").then(
          (image) => image ?? "no such image",
          (error: { readonly code?: string }) => error.code,
        );
        for (let i = 0; i < times; i += 1) await terminate();
        await lock.release();
        return await found;
      } finally {
        await lock.release();
      }
    };

    it.each([1, 4, 5])(
      "a query whose PostgreSQL connection is terminated %i times still succeeds",
      async (times) => {
        expect(await askWhileTerminated(times)).toBe("no such image");
      },
    );

    it("a query whose PostgreSQL connection is terminated 6 times fails with CATALOG_UNAVAILABLE, and the next one succeeds", async () => {
      expect(await askWhileTerminated(6)).toBe("CATALOG_UNAVAILABLE");
      expect(await askWhileTerminated(0)).toBe("no such image");
    });
  },
);
