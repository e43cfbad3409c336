import { isSisError, SisError } from "../errors/sis-error.ts";
import type { FrameDescription } from "../products/frame-description.ts";
import { cutoutPlace } from "../products/plan/place-cutout.ts";
import type { CutoutSide, CutoutSize } from "../products/product.ts";
import { type BatchOptions, rowSize } from "./batch-request.ts";
import type { FramedRow } from "./find-frames.ts";
import { isFault } from "./make/make-row.ts";
import type { ObjectRow } from "./object-row.ts";

/** Limits of a batch, checked before any work. */
export interface BatchLimits {
  readonly rows: number;
  /** Sum of the pixels of all cutouts. */
  readonly pixels: number;
  /** MAXIMUM_CUTOUT_SIZE: larger cutouts fail without work. */
  readonly side: number;
}

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
  /** By frame, and on it by declination, so that neighbors are read together. */
  readonly items: readonly ObjectRow[];
  /** The same rows in the order of the list. */
  readonly rows: readonly ObjectRow[];
  /** Pixels of all cutouts: planned, or estimated where they are far below the limit. */
  readonly pixels: number;
}

/** The frame of an image, so that a cutout can be planned on it. */
type DescribeImage = (id: string) => Promise<FrameDescription>;

/** Estimates by the scales of the labels decide only below this part of the limit. */
const CERTAIN = 0.5;

/** Frames that are described at a time. */
const AT_A_TIME = 4;

/**
 * Orders the rows of a list and checks the pixels of their cutouts. Frames whose label states no
 * scale are described, and all of them if the estimate comes near the limit: then the number is
 * that of the boxes on the frames. A row that cannot be planned fails by itself, without pixels.
 * Errors: LIST_TOO_LARGE; faults of the service.
 */
export async function planBatch(
  framed: readonly FramedRow[],
  options: BatchOptions,
  limits: BatchLimits,
  describe?: DescribeImage,
): Promise<BatchPlan> {
  const sizes = new Map<string | null, CutoutSize>();
  const sizeOf = (row: ObjectRow): CutoutSize => {
    const known = sizes.get(row.size) ?? rowSize(row, options);
    sizes.set(row.size, known);
    return known;
  };
  const estimates = framed.map((one) => estimate(one, sizeOf, limits));
  const sum = (numbers: readonly (number | undefined)[]) =>
    numbers.reduce<number>((total, each) => total + (each ?? 0), 0);
  let pixels = sum(estimates.map((each) => each ?? limits.side ** 2));
  if (pixels > CERTAIN * limits.pixels && describe !== undefined) {
    const unknown = framed.filter((_, k) => estimates[k] === undefined);
    const planned = await plannedPixels(unknown, options, limits, describe);
    pixels = sum(estimates) + sum(planned);
    if (pixels > CERTAIN * limits.pixels)
      pixels = sum(await plannedPixels(framed, options, limits, describe));
  }
  if (pixels > limits.pixels) {
    throw new SisError(
      "LIST_TOO_LARGE",
      `The cutouts of this list have ${pixels} pixels in total; at most ${limits.pixels} are allowed. Request smaller cutouts or fewer rows.`,
      { details: { pixels, limit: limits.pixels } },
    );
  }
  const all = framed.map(({ row }) => row);
  return { items: byFrame(all), rows: all, pixels };
}

/**
 * Pixels of a cutout by the scale that the label states; undefined if it states none and the size
 * is an angle.
 */
function estimate(
  { row, record }: FramedRow,
  sizeOf: (row: ObjectRow) => CutoutSize,
  limits: BatchLimits,
): number | undefined {
  if (row.code !== null) return 0;
  const size = sizeOf(row);
  const scale = record?.pixelScale;
  const isKnown = scale !== null && scale !== undefined && scale > 0;
  const isAngle = size.sides?.some(({ unit }) => unit !== "pixel") ?? true;
  return isAngle && !isKnown ? undefined : pixelsOf(size, scale ?? 1, limits);
}

/** Pixels of the cutouts of rows as they will be planned, in order. */
async function plannedPixels(
  framed: readonly FramedRow[],
  options: BatchOptions,
  limits: BatchLimits,
  describe: DescribeImage,
): Promise<readonly number[]> {
  const groups = new Map<string, { readonly row: ObjectRow; readonly at: number }[]>();
  for (const [at, { row }] of framed.entries()) {
    if (row.obs_id === null) continue;
    const group = groups.get(row.obs_id);
    if (group === undefined) groups.set(row.obs_id, [{ row, at }]);
    else group.push({ row, at });
  }
  const pixels = new Array<number>(framed.length).fill(0);
  const waiting = [...groups];
  const take = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [id, rows] = next;
      const frame = await describe(id).catch(withoutFrame);
      for (const { row, at } of rows)
        pixels[at] = frame === undefined ? 0 : boxPixels(frame, row, options, limits);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, take));
  return pixels;
}

/** Errors of a frame are reported later, for its rows; all others are thrown. */
function withoutFrame(error: unknown): undefined {
  if (isSisError(error) && !isFault(error)) return undefined;
  throw error;
}

function boxPixels(
  frame: FrameDescription,
  row: ObjectRow,
  options: BatchOptions,
  limits: BatchLimits,
): number {
  const { ra, dec, code } = row;
  if (code !== null || ra === null || dec === null) return 0;
  try {
    const request = { ra, dec, size: rowSize(row, options) };
    const { box } = cutoutPlace(frame, request, { maximumCutoutSize: limits.side });
    return box.shape[0] * box.shape[1];
  } catch (error) {
    withoutFrame(error);
    return 0;
  }
}

/** The rows by frame, and on it by declination. */
function byFrame(rows: readonly ObjectRow[]): readonly ObjectRow[] {
  // few identifiers are compared: they are long, and begin alike
  const groups = new Map<string, ObjectRow[]>();
  for (const row of rows) {
    const group = groups.get(row.obs_id ?? "");
    if (group === undefined) groups.set(row.obs_id ?? "", [row]);
    else group.push(row);
  }
  const ids = [...groups.keys()].sort((a, b) => (a < b ? -1 : 1));
  return ids.flatMap((id) => groups.get(id)!.sort((a, b) => (a.dec ?? 0) - (b.dec ?? 0) || a.n - b.n));
}
