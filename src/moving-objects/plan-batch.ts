import type { Catalog } from "../catalog/catalog.ts";
import { SisError } from "../errors/sis-error.ts";
import type { CutoutSide, CutoutSize } from "../products/product.ts";
import { type BatchOptions, rowSize } from "./batch-request.ts";
import { type FramedRow, findFrames } from "./find-frames.ts";
import type { ObjectRow } from "./object-row.ts";

/** Limits of a batch, checked before any work. */
export interface BatchLimits {
  readonly rows: number;
  /** Sum of the pixels of all cutouts. */
  readonly pixels: number;
  /** MAXIMUM_CUTOUT_SIZE: larger cutouts fail without work. */
  readonly side: number;
}

/** Assumed scale of frames whose label does not state it, degrees per pixel: 1 arcsec. */
const USUAL_SCALE = 1 / 3600;

function sidePixels({ unit, length }: CutoutSide, scale: number): number {
  return unit === "pixel" ? length : Math.round(length / 3600 / scale);
}

function pixelsOf({ arcsec, sides }: CutoutSize, scale: number, limits: BatchLimits): number {
  const square: CutoutSide = { unit: "arcsec", length: arcsec ?? 0 };
  const [width, height] = (sides ?? [square, square]).map((side) => sidePixels(side, scale)) as [
    number,
    number,
  ];
  return Math.max(width, height) > limits.side ? 0 : width * height;
}

/** The rows of a batch in the order in which they are made. */
export interface BatchPlan {
  /** By frame, and on it by declination, so that neighbours are read together. */
  readonly items: readonly ObjectRow[];
  /** The same rows in the order of the list. */
  readonly rows: readonly ObjectRow[];
  /** Estimated pixels of all cutouts. */
  readonly pixels: number;
}

/**
 * Finds the frames of a list and checks the limits of the batch. Errors: LIST_TOO_LARGE;
 * CATALOG_UNAVAILABLE, CATALOG_SCHEMA.
 */
export async function planBatch(
  catalog: Catalog,
  rows: readonly ObjectRow[],
  options: BatchOptions,
  limits: BatchLimits,
): Promise<BatchPlan> {
  const framed = await findFrames(catalog, rows, options, limits.rows);
  const pixels = framed.reduce(
    (sum, one) => sum + (one.row.code === null ? estimate(one, options, limits) : 0),
    0,
  );
  if (pixels > limits.pixels) {
    throw new SisError(
      "LIST_TOO_LARGE",
      `The cutouts of this list have about ${pixels} pixels together; at most ${limits.pixels} are allowed. Ask for smaller cutouts or fewer rows.`,
      { details: { pixels, limit: limits.pixels } },
    );
  }
  const all = framed.map(({ row }) => row);
  return { items: [...all].sort(byFrame), rows: all, pixels };
}

function estimate({ row, record }: FramedRow, options: BatchOptions, limits: BatchLimits): number {
  return pixelsOf(rowSize(row, options), record?.pixelScale ?? USUAL_SCALE, limits);
}

function byFrame(a: ObjectRow, b: ObjectRow): number {
  const [left, right] = [a.obs_id ?? "", b.obs_id ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (a.dec ?? 0) - (b.dec ?? 0) || a.n - b.n;
}
