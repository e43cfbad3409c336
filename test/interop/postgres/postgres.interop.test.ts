import { afterAll, describe, it } from "vitest";
import { useTestDatabases } from "../../support/catalog/test-database.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();

// the same tests of the catalogue on the other engine
if (programs === undefined) it.skip("PostgreSQL is not installed: run .ci/install-tools");
else {
  const server = await PostgresServer.create(programs);
  afterAll(async () => await server.destroy());
  useTestDatabases(async () => await server.database());
  describe("the catalog on PostgreSQL", async () => {
    await import("../../catalog/catalog.test.ts");
  });
  describe("migrations of the catalogue on PostgreSQL", async () => {
    await import("../../catalog/migrations.test.ts");
  });
  describe("pages far into lists on PostgreSQL", async () => {
    await import("../../catalog/deep-pages.test.ts");
  });
  describe("searches of the sky on PostgreSQL", async () => {
    await import("../../http/search/search-sky.test.ts");
  });
  describe("searches of columns on PostgreSQL", async () => {
    await import("../../catalog/search-columns.test.ts");
  });
  describe("observations on PostgreSQL", async () => {
    await import("../../catalog/observations.test.ts");
  });
  describe("the coverage of surveys on PostgreSQL", async () => {
    await import("../../catalog/survey-coverage.test.ts");
  });
}
