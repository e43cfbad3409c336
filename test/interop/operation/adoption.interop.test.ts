import { afterAll, describe, expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { madeImage } from "../../support/catalog/made-catalog.ts";
import { type TestDatabase, testDatabase } from "../../support/catalog/test-database.ts";
import { oraclePython } from "../../support/oracles.ts";
import { ExistingService } from "../../support/programs/existing-service.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";
import { type TestService, testService } from "../../support/test-service.ts";

const python = oraclePython();
const programs = postgresPrograms();
const server = programs === undefined ? undefined : await PostgresServer.create(programs);
afterAll(async () => await server?.destroy());

interface Row {
  readonly obs_id: string;
  readonly collection: string;
}

/** The responses of both services to the same requests, ours over HTTP. */
async function compare(existing: ExistingService, service: TestService): Promise<number> {
  const json = async (path: string) => (await service.app.inject({ url: path })).json();
  let compared = 0;
  for (const filter of [
    {},
    { facility: "Old" },
    { collection: "urn:nasa:pds:old:data1" },
    { collection: "urn:nasa:pds:old:data2", instrument: "Caméra 0" },
    { facility: "Scope" },
  ]) {
    for (const offset of [0, 7, 1500]) {
      const theirs = (await existing.ask("query", { maxrec: 1000, offset, ...filter })) as {
        readonly total: number;
        readonly results: readonly (Row & Record<string, unknown>)[];
      };
      const asked = new URLSearchParams({ maxrec: "1000", offset: String(offset), ...filter });
      const ours = (await json(`/query?${asked}`)) as typeof theirs;
      expect(ours.total).toBe(theirs.total);
      const same = theirs.results.map(
        ({ id: _, image_url: _i, label_url: _l, data_product_type: dptype, ...row }) => ({ ...row, dptype }),
      );
      expect(ours.results.map(({ access_url: _, ...row }) => row)).toEqual(same);
      compared += same.length;
    }
  }
  const summary = (await json("/summary")) as readonly Readonly<Record<string, unknown>>[];
  const rows = summary.map(({ collection, facility, instrument, count }) => [
    collection,
    facility,
    instrument,
    count,
  ]);
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  expect(rows.sort(byText)).toEqual(((await existing.ask("summary")) as unknown[]).sort(byText));
  return compared;
}

const ENGINES: readonly (readonly [string, (() => Promise<TestDatabase>) | undefined])[] = [
  ["SQLite", testDatabase],
  ["PostgreSQL", server === undefined ? undefined : async () => await server.database()],
];

for (const [engine, make] of ENGINES) {
  describe.skipIf(python === undefined || make === undefined)(
    `a table created by SQLAlchemy on ${engine} (.ci/install-tools installs it)`,
    () => {
      it("a table created by SQLAlchemy is served, adopted in place and shared: both services read the same rows, whichever of them writes", async () => {
        const database = await make!();
        const existing = new ExistingService(python!, database.settings);
        await existing.ask("make");
        await existing.ask("insert", { first: 0, last: 2500, facility: "Old" });
        const before = await existing.ask("query", { maxrec: 5000, offset: 0 });
        const columns = await existing.ask("columns");

        const bare = await openCatalog(database.settings);
        expect(bare.warnings).toEqual([expect.stringMatching(/sbnsis migrate/)]);
        const bareService = await testService({ catalog: bare });
        expect(await compare(existing, bareService)).toBeGreaterThan(2000);
        await bareService.close();
        await bare.close();

        const writing = await openWritableCatalog(database.settings);
        await writing.createTables();
        expect(await existing.ask("query", { maxrec: 5000, offset: 0 })).toEqual(before);
        expect(await existing.ask("columns")).toEqual(columns);
        await existing.ask("make");

        const catalog = await openCatalog(database.settings);
        expect(catalog.warnings).toEqual([]);
        const service = await testService({ catalog });
        await compare(existing, service);
        const images = Array.from({ length: 600 }, (_, i) => madeImage(`n${i}`));
        // ours and theirs at once, into the same table
        const [outcomes] = await Promise.all([
          (async () => {
            const all: string[] = [];
            for (let at = 0; at < images.length; at += 50)
              all.push(...(await writing.write(images.slice(at, at + 50))));
            return all;
          })(),
          existing.ask("insert", { first: 2500, last: 4000, facility: "Old" }),
        ]);
        expect(outcomes).toEqual(images.map(() => "added"));
        await existing.ask("rename", { facility: "Old", to: "Older" });
        await existing.ask("delete", { collection: "urn:nasa:pds:old:data0" });
        await existing.ask("insert", { first: 4000, last: 9000, facility: "Old" });
        await writing.seal();
        await existing.ask("insert", { first: 9000, last: 9300, facility: "Old" });
        await existing.ask("delete", { collection: "urn:nasa:pds:old:data1" });
        expect(await compare(existing, service)).toBeGreaterThan(5000);
        expect(await writing.verifyTables()).toEqual({ problems: [], remarks: [] });
        const known = (await existing.ask("query", { maxrec: 1, offset: 0, facility: "Scope" })) as {
          readonly total: number;
        };
        expect(known.total).toBe(600);
        await service.close();
        await catalog.close();
        await writing.close();
        await existing.close();
        await database.drop();
      }, 120_000);
    },
  );
}
