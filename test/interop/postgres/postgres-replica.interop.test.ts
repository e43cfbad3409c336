import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { liveCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { madeImage } from "../../support/catalog/made-catalog.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();

describe.skipIf(programs === undefined)(
  "a catalog with DB_READ_HOST (.ci/install-tools installs PostgreSQL)",
  { timeout: 120_000 },
  () => {
    let primary: PostgresServer;
    let replica: PostgresServer;
    let catalog: Catalog | undefined;
    const warnings: string[] = [];
    const image = madeImage("one", {});
    const find = async () => (await catalog?.findImage(image.record.obsId))?.facility;

    beforeAll(async () => {
      primary = await PostgresServer.create(programs!);
      await primary.execute("postgres", "CREATE DATABASE sky");
      const writable = await openWritableCatalog(primary.settings("sky"));
      await writable.createTables();
      await writable.write([image]);
      await writable.finishWriting();
      await writable.close();
      replica = await primary.replica();
    });
    afterEach(async () => {
      await catalog?.close();
      warnings.length = 0;
    });
    afterAll(async () => {
      await replica.destroy();
      await primary.destroy();
    });

    const serve = (readHost = `127.0.0.1:${replica.port}`) => {
      catalog = liveCatalog({ ...primary.settings("sky"), readHost }, (warning) => warnings.push(warning));
    };
    /** Connections of the service to a server (pg_stat_activity of that server). */
    const connections = async (server: PostgresServer) =>
      Number(
        (
          await server.execute(
            "postgres",
            "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'sbnsis'",
          )
        )[0]?.n,
      );

    it("requests are served from the replica alone while it is up (pg_stat_activity of both servers)", async () => {
      serve();
      expect(await find()).toBe(image.record.facility);
      expect([await connections(primary), (await connections(replica)) > 0, warnings]).toEqual([0, true, []]);
    });

    it("requests move to the primary, with one warning, when the replica is killed, and back when it returns (pg_stat_activity)", async () => {
      serve();
      await find();
      await replica.kill();
      const answers = await Promise.all(Array.from({ length: 8 }, find));
      expect(answers).toEqual(answers.map(() => image.record.facility));
      expect((await connections(primary)) > 0).toBe(true);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^the replica 127\.0\.0\.1:\d+ is down \(.+\); DB_HOST is used until it is back$/,
        ),
      ]);
      await replica.start();
      await expect
        .poll(async () => [await find(), warnings.length], { timeout: 20_000 })
        .toEqual([image.record.facility, 2]);
      expect(warnings[1]).toMatch(/^the replica 127\.0\.0\.1:\d+ is up again$/);
      expect((await connections(replica)) > 0).toBe(true);
    });

    it("requests are served from the replica while the primary is down (rows written before)", async () => {
      serve();
      await find();
      await primary.stop();
      const found = await find();
      await primary.start();
      expect([found, warnings]).toEqual([image.record.facility, []]);
    });

    it("a replica whose address has no server is not an error at start: the primary serves (rows written)", async () => {
      serve("127.0.0.1:1");
      expect([await find(), warnings.length]).toEqual([image.record.facility, 1]);
    });

    it("a replica that refuses the password is an error that says so, not a reason to use the primary (SQLSTATE 28P01)", async () => {
      catalog = liveCatalog({
        ...primary.settings("sky"),
        password: "wrong",
        readHost: `127.0.0.1:${replica.port}`,
        host: primary.folder,
      });
      await expect(find()).rejects.toMatchObject({
        code: "CATALOG_UNAVAILABLE",
        details: { reason: "user, password or TLS mode refused", away: false },
      });
    });

    it("harvests write to the primary although there is a replica (row found at the primary)", async () => {
      const readHost = `127.0.0.1:${replica.port}`;
      const writable = await openWritableCatalog({ ...primary.settings("sky"), readHost });
      expect(await writable.write([madeImage("two", {})])).toEqual(["added"]);
      await writable.close();
    });
  },
);
