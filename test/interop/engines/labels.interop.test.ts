import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeXml, isPlainAscii } from "../../../packages/pds4/src/xml/decode-xml.ts";
import { parseXml } from "../../../packages/pds4/src/xml/parse-xml.ts";
import { scanXml } from "../../../packages/pds4/src/xml/scan-xml.ts";
import { openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { isSisError } from "../../../src/errors/sis-error.ts";
import { type HarvestEvent, harvest, LABEL_EXTENSIONS } from "../../../src/harvest/harvest.ts";
import { type TestDatabase, testDatabase } from "../../support/catalog/test-database.ts";
import { sharedFolder } from "../../support/oracles.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const data = sharedFolder("data");
const folders = [sharedFolder("data", "pds4"), sharedFolder("data", "sbn")].filter(
  (path) => path !== undefined,
);
const programs = folders.length === 0 ? undefined : postgresPrograms();
const server = programs === undefined ? undefined : await PostgresServer.create(programs);
afterAll(async () => await server?.destroy());

const engines: readonly (readonly [string, (() => Promise<TestDatabase>) | undefined])[] = [
  ["SQLite", testDatabase],
  ["PostgreSQL", server && (async () => await server.database())],
];

describe.each(engines)("on %s", (_, make) => {
  it.skipIf(folders.length === 0 || make === undefined)(
    "every label of the real data has an outcome, and every failure a reason",
    async () => {
      const database = await make!();
      const catalog = await openWritableCatalog(database.settings);
      try {
        await catalog.createTables();
        const options = {
          paths: folders,
          recursive: true,
          extensions: LABEL_EXTENSIONS,
          baseUrl: "file://",
          stripLeading: "",
          jobs: 1,
          update: false,
          footprintsFromImages: true,
        };
        const events: HarvestEvent[] = [];
        const summary = await harvest(catalog, options, (event) => events.push(event));
        console.log(JSON.stringify(summary));
        expect(events).toHaveLength(summary.labels);
        // bundles, collections, documents, kernels and tables are not images; labels that fail have
        // no LID of a product
        for (const { outcome, reason, path } of events) {
          if (outcome === "skipped") expect(reason, path).toMatch(/^a (Product_|Ingest_LDD)/);
          if (outcome === "failed") expect(reason, path).toMatch(/logical_identifier/);
        }
        expect(summary.outcomes.added).toBeGreaterThan(10);
        expect(summary.outcomes.skipped).toBeGreaterThan(30);
        expect((await catalog.verifyTables()).problems).toEqual([]);
        const again = await harvest(catalog, { ...options, footprintsFromImages: false });
        expect(again.outcomes).toMatchObject({ added: 0, updated: 0, failed: summary.outcomes.failed });
        // in sorted order, a label added before a newer one of its LID is now older or in conflict
        const known = ({ processed, outcomes }: typeof summary) =>
          processed + outcomes.older + outcomes.conflict;
        expect(known(again)).toBe(known(summary));
      } finally {
        await catalog.close();
        await database.drop();
      }
    },
  );
});

it.skipIf(data === undefined)(
  "the quick reader agrees with the full parser on every XML file of the real data",
  () => {
    const files = readdirSync(data!, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(xml|lblx)$/i.test(name))
      .map((name) => join(data!, name));
    let scanned = 0;
    for (const path of files) {
      const bytes = readFileSync(path);
      let text: string;
      try {
        text = decodeXml(bytes);
      } catch (error) {
        expect(isSisError(error, "LABEL_INVALID"), path).toBe(true);
        continue;
      }
      for (const isPlain of [isPlainAscii(bytes), false]) {
        const tree = scanXml(text, isPlain);
        if (tree === undefined) continue;
        scanned += 1;
        expect(tree, path).toEqual(parseXml(text));
      }
    }
    console.log(`${files.length} files, ${scanned / 2} of them by the quick reader`);
    expect(scanned / 2).toBeGreaterThan(0.8 * files.length);
  },
);
