import { planSection, type SectionPlan } from "@sbnsis/fits";
import type { Scaling } from "@sbnsis/fits/internal";
import type { AvmFacts, Background, Combination, Interpolation, PixelBox, StackPlane } from "@sbnsis/imaging";
import { icrsToPixel, type Wcs } from "@sbnsis/wcs";
import { ZERO_POINTS } from "../photometry.ts";
import { scalingOf } from "../plan/plan-cutout.ts";
import type { PictureRequest } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import {
  type DescribedRow,
  invalid,
  type PlacedRow,
  type SkippedRow,
  stackGeometry,
} from "./stack-geometry.ts";
import {
  BLINK_RATES,
  type BlinkMark,
  type BlinkRequest,
  STACK_LIMITS,
  type StackRequest,
  type StackRow,
} from "./stack-request.ts";

/** A frame to read, and where the pixels of a product are in it. Plain data. */
export interface PlannedFrame {
  /** Number of the row in its list, from 1. */
  readonly n: number;
  readonly row: StackRow;
  readonly source: SourceFile;
  readonly naxis: readonly [number, number];
  readonly box: PixelBox;
  readonly section: SectionPlan;
  readonly scaling: Scaling;
  readonly wcs: Wcs;
  readonly plane: StackPlane;
  /** The object at the middle of the exposure, ICRS degrees. */
  readonly object: { readonly ra: number; readonly dec: number };
  /** Its pixel in the frame, from 0; NaN if the frame's map has none. */
  readonly pixel: readonly [number, number];
}

/** Properties of every product of several frames. */
interface PlannedFrames {
  readonly side: number;
  /** Degrees per pixel. */
  readonly scale: number;
  /** ICRS position (degrees) of the middle and its time, MJD (UTC). */
  readonly reference: { readonly ra: number; readonly dec: number; readonly mjd: number };
  readonly align: "object" | "sky";
  readonly interpolation: Interpolation;
  /** Version of the service. */
  readonly version: string;
  readonly target: string | undefined;
  readonly batch: string | undefined;
  readonly skipped: readonly SkippedRow[];
}

/** How to make a stack: plain data that a thread executes. */
export interface StackPlan extends PlannedFrames {
  readonly kind: "stack";
  readonly frames: readonly (PlannedFrame & {
    readonly gain: number;
    readonly weight: number;
    readonly zeroPoint: number | undefined;
  })[];
  readonly format: StackRequest["format"];
  readonly combine: Combination;
  readonly background: Background;
  readonly weights: StackRequest["weights"];
  readonly zeroPoints: StackRequest["zeroPoints"];
  /** Zero point of the values of the stack. */
  readonly zeroPoint: number | undefined;
  readonly picture: PictureRequest | undefined;
  readonly pack: "rice" | undefined;
  readonly facts: AvmFacts;
}

/** How to make an animation: plain data that a thread executes. */
export interface BlinkPlan extends PlannedFrames {
  readonly kind: "blink";
  readonly frames: readonly PlannedFrame[];
  readonly format: BlinkRequest["format"];
  readonly rate: number;
  readonly plays: number;
  readonly marks: readonly BlinkMark[];
}

/**
 * Plans a stack without any I/O. Errors: STACK_INVALID, OFF_IMAGE, NO_CELESTIAL_WCS.
 */
export function planStack(
  request: StackRequest,
  described: readonly DescribedRow[],
  failed: readonly SkippedRow[],
  version: string,
  facts: AvmFacts,
): StackPlan {
  atMost(request.rows.length, STACK_LIMITS.stackFrames);
  const geometry = stackGeometry(request, described, failed);
  const zeroPoints = geometry.rows.map((placed) => zeroPointOf(request, placed));
  const known = zeroPoints.filter((each) => each !== undefined).sort((a, b) => a - b);
  const zeroPoint = known[known.length >> 1];
  const frames = geometry.rows.map((placed, k) => ({
    ...plannedFrame(placed),
    gain: zeroPoint === undefined ? 1 : 10 ** (-0.4 * (zeroPoints[k]! - zeroPoint)),
    weight: weightOf(request, placed),
    zeroPoint: zeroPoints[k],
  }));
  const { format, combine, background, weights, zeroPoints: from, picture, pack } = request;
  return {
    kind: "stack",
    ...common(request, geometry, version),
    frames,
    ...{ format, combine, background, weights, zeroPoints: from, zeroPoint, picture, pack, facts },
  };
}

/**
 * Plans an animation without any I/O. Errors: STACK_INVALID, OFF_IMAGE, NO_CELESTIAL_WCS.
 */
export function planBlink(
  request: BlinkRequest,
  described: readonly DescribedRow[],
  failed: readonly SkippedRow[],
  version: string,
): BlinkPlan {
  atMost(request.rows.length, STACK_LIMITS.blinkFrames);
  const { rate, plays, format, marks } = request;
  if (!(rate >= BLINK_RATES.lowest && rate <= BLINK_RATES.fast)) {
    throw invalid(
      `rate is ${rate}; allowed are ${BLINK_RATES.lowest} to ${BLINK_RATES.fast} pictures per second`,
    );
  }
  const geometry = stackGeometry(request, described, failed);
  const pixels = geometry.rows.length * geometry.side ** 2;
  if (pixels > STACK_LIMITS.blinkPixels) {
    throw invalid(
      `${geometry.rows.length} pictures of ${geometry.side} x ${geometry.side} pixels; at most ${STACK_LIMITS.blinkPixels} pixels together are allowed`,
    );
  }
  const frames = geometry.rows.map(plannedFrame);
  return { kind: "blink", ...common(request, geometry, version), frames, format, rate, plays, marks };
}

function atMost(rows: number, limit: number): void {
  if (rows === 0) throw invalid("there are no rows");
  if (rows > limit) throw invalid(`${rows} rows; at most ${limit} are allowed`);
}

function common(
  { align, interpolation, target, batch }: StackRequest | BlinkRequest,
  { side, scale, reference, skipped }: ReturnType<typeof stackGeometry>,
  version: string,
): PlannedFrames {
  return { side, scale, reference, align, interpolation, version, target, batch, skipped };
}

function plannedFrame({ n, row, frame, box, plane, object }: PlacedRow): PlannedFrame {
  const pixel = icrsToPixel(frame.sky!.wcs, object.ra, object.dec);
  return {
    n,
    row,
    source: frame.source,
    naxis: frame.naxis,
    box,
    section: planSection(frame.image, box),
    scaling: scalingOf(frame.image),
    wcs: frame.sky!.wcs,
    plane,
    object: { ra: object.ra, dec: object.dec },
    pixel: [pixel?.x ?? Number.NaN, pixel?.y ?? Number.NaN],
  };
}

function zeroPointOf({ zeroPoints }: StackRequest, { n, row, frame }: PlacedRow): number | undefined {
  if (zeroPoints === "none") return undefined;
  const isHeaders = zeroPoints === "header";
  const found = isHeaders ? frame.photometry.zeroPoint?.value : row.zeroPoint;
  if (found !== undefined && Number.isFinite(found)) return found;
  const where = isHeaders ? `the header (${ZERO_POINTS.join(", ")}) of the frame of row ${n}` : `row ${n}`;
  throw invalid(`zp=${zeroPoints} needs the zero point of every frame, but ${where} has none`);
}

function weightOf({ combine, weights }: StackRequest, { n, row: { weight, fwhm } }: PlacedRow): number {
  if (combine !== "weighted" || weights === "sigma") return 1;
  const [value, name] = weights === "row" ? [weight, "weight"] : [fwhm, "FWHM"];
  if (value === undefined || !(value > 0))
    throw invalid(`weights=${weights} needs the ${name} of every row, above 0, but row ${n} has none`);
  return weights === "row" ? value : value ** -2;
}
