import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { type HarvestEvent, harvest, LABEL_EXTENSIONS } from "../../src/harvest/harvest.ts";
import { sharedFolder } from "../support/oracles.ts";

const folders = [sharedFolder("data", "pds4"), sharedFolder("data", "sbn")].filter(
  (path) => path !== undefined,
);

it.skipIf(folders.length === 0)(
  "every label of the real data has an outcome, and every outcome that is not good a reason",
  async () => {
    const scratch = mkdtempSync(join(tmpdir(), "sis-labels-"));
    const catalog = await openWritableCatalog({
      DB_DIALECT: "sqlite",
      DB_HOST: "",
      DB_USERNAME: "",
      DB_PASSWORD: "",
      DB_DATABASE: join(scratch, "test.db"),
    });
    try {
      await catalog.createTables();
      const events: HarvestEvent[] = [];
      const summary = await harvest(
        catalog,
        {
          paths: folders,
          recursive: true,
          extensions: LABEL_EXTENSIONS,
          baseUrl: "file://",
          stripLeading: "",
          jobs: 1,
          update: false,
        },
        (event) => events.push(event),
      );
      console.log(JSON.stringify(summary));
      expect(events).toHaveLength(summary.labels);
      // bundles, collections, documents, kernels and tables are no images; the labels that fail have no LID of a product
      for (const { outcome, reason, path } of events) {
        if (outcome === "skipped") expect(reason, path).toMatch(/^a (Product_|Ingest_LDD)/);
        if (outcome === "failed") expect(reason, path).toMatch(/logical_identifier/);
      }
      expect(summary.outcomes.added).toBeGreaterThan(10);
      expect(summary.outcomes.skipped).toBeGreaterThan(30);
      expect((await catalog.verifyTables()).problems).toEqual([]);
    } finally {
      await catalog.close();
      rmSync(scratch, { recursive: true });
    }
  },
);
