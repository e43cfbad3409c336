import {
  alongAxis,
  boxOfRows,
  carried,
  INTERPOLATION_REACH,
  type MovingPosition,
  motionAt,
  type PixelBox,
  planeMap,
  positionAt,
  type StackPlane,
  sidePixels,
  type TimedPosition,
} from "@sbnsis/imaging";
import { SisError } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../frame-description.ts";
import { requireIcrs } from "../plan/place-cutout.ts";
import { type BlinkRequest, STACK_LIMITS, type StackRequest, type StackRow } from "./stack-request.ts";

/** A row with its frame. */
export interface DescribedRow {
  /** Number of the row in its list, from 1. */
  readonly n: number;
  readonly row: StackRow;
  readonly frame: FrameDescription;
}

/** A row without a usable frame. */
export interface SkippedRow {
  /** Its number in the list, from 1. */
  readonly row: number;
  /** Code of the error. */
  readonly code: string;
}

/** A row whose frame overlaps the stack: its plane, and the part of the frame that is needed. */
export interface PlacedRow extends DescribedRow {
  readonly plane: StackPlane;
  readonly box: PixelBox;
  /** The object at the middle of the exposure. */
  readonly object: TimedPosition;
}

/** Where everything is in a stack or an animation. */
export interface StackGeometry {
  readonly rows: readonly PlacedRow[];
  readonly skipped: readonly SkippedRow[];
  /** Width and height, pixels. */
  readonly side: number;
  /** Degrees per pixel. */
  readonly scale: number;
  /** The object at the reference time; the middle of the plane. */
  readonly reference: TimedPosition;
}

/**
 * Places rows on the plane of a stack or an animation, without any I/O. Rows whose frame does not
 * meet the plane are left out.
 * Errors: STACK_INVALID for what exceeds a limit or does not fit; OFF_IMAGE if no row is left;
 * NO_CELESTIAL_WCS.
 */
export function stackGeometry(
  request: StackRequest | BlinkRequest,
  described: readonly DescribedRow[],
  failed: readonly SkippedRow[],
): StackGeometry {
  const sky = described.map(({ frame }) => skyOf(frame));
  const { scale, side } = gridOf(request, Math.max(...sky.map(({ scale: own }) => own)));
  if (!(side >= 1 && side <= STACK_LIMITS.side)) {
    throw invalid(
      `size is ${side} pixels of ${(scale * 3600).toFixed(3)} arcsec; at most ${STACK_LIMITS.side} are allowed`,
    );
  }
  const track = described.map(({ n, row }) => placeOfRow(row, request.along, n));
  const inTime = [...track].sort((a, b) => a.mjd - b.mjd);
  const { motion, align, interpolation } = request;
  const reach = INTERPOLATION_REACH[interpolation];
  const boxAbout = ({ ra, dec }: Pick<TimedPosition, "ra" | "dec">, k: number) => {
    const plane: StackPlane = { ra, dec, scale, side };
    const places = { exact: planeMap(plane, sky[k]!.wcs), side, patches: 0, polynomials: [] };
    const box = boxOfRows(places, [0, side], reach, described[k]!.frame.naxis);
    return box === undefined ? undefined : { plane, box };
  };
  const all = described.map((_, k) => k);
  const meanOf = (some: readonly number[]) =>
    positionAt(inTime, request.reference ?? meanTime(some.map((k) => described[k]!.row)));
  const placedAbout = (reference: TimedPosition, some: readonly number[]) =>
    some.flatMap((k) => {
      const { ra, dec, mjd } = track[k]!;
      const object = motion === undefined ? { ra, dec, mjd } : carried(reference, motion, mjd);
      const found = boxAbout(align === "object" ? object : reference, k);
      return found === undefined ? [] : [{ k, ...described[k]!, ...found, object }];
    });
  // the mean time depends on which rows are used, and these may depend on it: repeat until none
  // drops out
  const showing = all.filter((k) => boxAbout(track[k]!, k) !== undefined);
  let some = showing.length === 0 ? all : showing;
  let reference = meanOf(some);
  let rows = placedAbout(reference, some);
  while (rows.length > 0 && rows.length < some.length && request.reference === undefined) {
    some = rows.map(({ k }) => k);
    reference = meanOf(some);
    rows = placedAbout(reference, some);
  }
  if (rows.length === 0) {
    throw new SisError("OFF_IMAGE", "None of the frames shows the position of the object.");
  }
  const pixels = rows.reduce((sum, { box }) => sum + box.shape[0] * box.shape[1], 0);
  if (pixels > STACK_LIMITS.pixels) {
    throw invalid(`${pixels} pixels of frames are needed; at most ${STACK_LIMITS.pixels} are allowed`);
  }
  const placed = new Set(rows.map(({ n }) => n));
  const off = described.filter(({ n }) => !placed.has(n)).map(({ n }) => ({ row: n, code: "OFF_IMAGE" }));
  const skipped = [...failed, ...off].sort((a, b) => a.row - b.row);
  return { rows, skipped, side, scale, reference };
}

/** Degrees per pixel and number of pixels along a side; `coarsest` of the frames, degrees. */
function gridOf(request: StackRequest | BlinkRequest, coarsest: number) {
  const { size } = request;
  const scale = request.scale === undefined ? coarsest : request.scale / 3600;
  const width = request.kind === "blink" ? request.width : undefined;
  if (width !== undefined) {
    return { scale: ("pixels" in size ? size.pixels * scale : size.arcsec / 3600) / width, side: width };
  }
  return { scale, side: "pixels" in size ? size.pixels : sidePixels(size.arcsec / 3600, scale) };
}

/** Errors: STACK_INVALID with the sentence, which is public. */
export function invalid(sentence: string): SisError {
  return new SisError("STACK_INVALID", `${sentence}.`);
}

function skyOf({ sky }: FrameDescription) {
  if (sky === undefined) {
    throw new SisError("NO_CELESTIAL_WCS", "A frame has no celestial coordinate system in its header.");
  }
  requireIcrs(sky.wcs, "it cannot be stacked");
  const [a, b, c, d] = sky.wcs.linear.cd;
  return { wcs: sky.wcs, scale: Math.sqrt(Math.abs(a * d - b * c)) };
}

/** The object at the middle of the exposure of a row. Errors: STACK_INVALID. */
function placeOfRow(row: StackRow, along: number | undefined, n: number): MovingPosition {
  const given: TimedPosition = { ra: row.ra, dec: row.dec, mjd: row.mjd };
  const { uncertainty } = row;
  if (along !== undefined && along !== 0 && uncertainty === undefined) {
    throw invalid(`along=${along} needs the ellipse of every row, but row ${n} has none`);
  }
  const moved =
    along === undefined || uncertainty === undefined ? given : alongAxis(given, uncertainty, along);
  if (row.motion === undefined) return { ...moved, mjd: row.mid };
  const place = carried(moved, row.motion, row.mid);
  return { ...place, motion: motionAt(moved, row.motion, place) };
}

/** The mean of the times of frames, weighted with their exposures if all are known. */
function meanTime(rows: readonly Pick<StackRow, "mid" | "exposure">[]): number {
  const known = rows.every(({ exposure }) => exposure !== undefined && exposure > 0);
  const first = rows[0]!.mid;
  const weight = ({ exposure }: Pick<StackRow, "exposure">) => (known ? exposure! : 1);
  const total = rows.reduce((sum, row) => sum + weight(row), 0);
  return first + rows.reduce((sum, row) => sum + weight(row) * (row.mid - first), 0) / total;
}
