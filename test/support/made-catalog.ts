import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { Catalog, ImageDetail, ImageRecord } from "../../src/catalog/catalog.ts";
import type { HarvestedImage } from "../../src/catalog/image-writer.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";

/** An image as harvest hands it over, with what a test cares for. */
export function madeImage(
  name: string,
  parts: { readonly record?: Partial<ImageRecord>; readonly detail?: Partial<ImageDetail> } = {},
): HarvestedImage {
  const collection = parts.record?.collection ?? "urn:nasa:pds:made:data";
  return {
    record: {
      obsId: `${collection}:${name}`,
      collection,
      facility: "Scope",
      instrument: "Camera",
      dataProductType: "image",
      calibrationLevel: 2,
      target: null,
      pixelScale: null,
      imageUrl: `file:///data/${name}.fits`,
      labelUrl: `file:///data/${name}.xml`,
      ...parts.record,
    },
    detail: {
      versionId: "1.0",
      labelDigest: name,
      title: null,
      startTime: null,
      stopTime: null,
      startMjd: null,
      stopMjd: null,
      exposure: null,
      filter: null,
      fieldId: null,
      limitingMagnitude: null,
      corners: null,
      md5: null,
      fileSize: null,
      ...parts.detail,
    },
    stamp: null,
  };
}

/** A catalogue in a folder of its own. */
export interface MadeCatalog {
  readonly catalog: Catalog;
  readonly path: string;
  close(): Promise<void>;
}

/** A catalogue of images, and of rows that the existing service made besides; with ids from 1 in this order. */
export async function madeCatalog(
  images: readonly HarvestedImage[],
  bareRows: readonly ImageRecord[] = [],
): Promise<MadeCatalog> {
  const folder = mkdtempSync(join(tmpdir(), "sis-catalog-"));
  const path = join(folder, "made.db");
  const settings = {
    DB_DIALECT: "sqlite",
    DB_HOST: "",
    DB_USERNAME: "",
    DB_PASSWORD: "",
    DB_DATABASE: path,
  } as const;
  const writing = await openWritableCatalog(settings);
  await writing.createTables();
  await writing.write(images);
  await writing.close();
  const existing = new DatabaseSync(path);
  const insert = existing.prepare(
    "INSERT INTO image (obs_id, collection, facility, instrument, data_product_type, target) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (const row of bareRows) {
    insert.run(row.obsId, row.collection, row.facility, row.instrument, row.dataProductType, row.target);
  }
  existing.close();
  const catalog = await openCatalog(settings);
  return {
    catalog,
    path,
    close: async () => {
      await catalog.close();
      rmSync(folder, { recursive: true });
    },
  };
}
