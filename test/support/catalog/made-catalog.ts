import type { Catalog, ImageDetail, ImageRecord } from "../../../src/catalog/catalog.ts";
import type { HarvestedImage } from "../../../src/catalog/image-writer.ts";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { testDatabase } from "./test-database.ts";

/** An image as a harvest reports it, with the values that matter to a test. */
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

/** A footprint of one square degree at the equator. */
export const CORNERS = [
  [10, 1],
  [11, 1],
  [11, 0],
  [10, 0],
] as const;

/** A catalog in its own database. */
export interface MadeCatalog {
  readonly catalog: Catalog;
  /** File or name of the database. */
  readonly path: string;
  close(): Promise<void>;
}

function quoted(text: string | null): string {
  return text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`;
}

/**
 * A catalog of images, and of rows written by the existing service; with ids from 1 in this order.
 */
export async function madeCatalog(
  images: readonly HarvestedImage[],
  bareRows: readonly ImageRecord[] = [],
): Promise<MadeCatalog> {
  const { settings, execute, drop } = await testDatabase();
  const writing = await openWritableCatalog(settings);
  await writing.createTables();
  await writing.write(images);
  await writing.close();
  if (bareRows.length > 0) {
    const rows = bareRows.map((row) => {
      const { obsId, collection, facility, instrument, dataProductType, target } = row;
      return `(${[obsId, collection, facility, instrument, dataProductType, target].map(quoted).join()})`;
    });
    await execute(
      `INSERT INTO image (obs_id, collection, facility, instrument, data_product_type, target) VALUES ${rows.join()}`,
    );
  }
  const catalog = await openCatalog(settings);
  return {
    catalog,
    path: settings.name,
    close: async () => {
      await catalog.close();
      await drop();
    },
  };
}
