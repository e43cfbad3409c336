import type { SkyCorners } from "@sbnsis/wcs/internal";
import type { ColumnType, ImageColumn } from "./column.ts";
import { columnsOf, type ImageValues, type StoredValue } from "./image.ts";

/** A value of a row as a database returns it. */
export type ReadValue = string | number | bigint | null;

/** Converts the stored form of a value; types without an entry are stored as they are. */
const FROM_STORED: Partial<Readonly<Record<ColumnType, (value: ReadValue) => unknown>>> = {
  corners: (value) => cornersOfText(value as string | null),
  // PostgreSQL returns it as text
  bigint: (value) => (value === null ? null : Number(value)),
};

/**
 * Reads images from rows in which the values of some columns follow each other. A column that the
 * database does not have yet is null.
 */
export class ImageReader<T> {
  /** Names for a select list. */
  readonly names: readonly string[];
  readonly #columns: readonly ImageColumn[];
  readonly #missing: readonly ImageColumn[];

  /** @param all the columns that an image has; of these, `stored` are in the rows. */
  constructor(stored: readonly ImageColumn[], all: readonly ImageColumn[] = stored) {
    this.#columns = stored;
    this.#missing = all.filter((column) => !stored.includes(column));
    this.names = stored.map(({ table, name }) => `${table}.${name}`);
  }

  /** The image in a row whose first column of these is number `from`, from 0. */
  read(row: readonly ReadValue[], from = 0): T {
    const image: Record<string, unknown> = {};
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i += 1) {
      const { property, type } = columns[i]!;
      const value = row[from + i]!;
      const convert = FROM_STORED[type];
      image[property] = convert === undefined ? value : convert(value);
    }
    for (const { property } of this.#missing) image[property] = null;
    return image as T;
  }
}

/** Reads records. */
export function recordReader(): ImageReader<ImageValues<"image">> {
  return new ImageReader(columnsOf("image", 1));
}

/**
 * Reads details from a database with a version of the schema, all of them or those of responses.
 */
export function detailReader<T = ImageValues<"image_detail">>(
  version: number,
  which: "all" | "shown",
): ImageReader<T> {
  const isWanted = ({ response }: ImageColumn) => which === "all" || response !== undefined;
  const all = columnsOf("image_detail", Number.POSITIVE_INFINITY).filter(isWanted);
  return new ImageReader(columnsOf("image_detail", version).filter(isWanted), all);
}

/** The stored form of a value of an image. */
export function storedValue(value: string | number | SkyCorners | null | undefined): StoredValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** Corners from their stored form. */
export function cornersOfText(text: string | null): SkyCorners | null {
  return text === null ? null : (JSON.parse(text) as SkyCorners);
}
