import { SisError } from "../../../errors/sis-error.ts";
import type { BatchRow } from "../../../moving-objects/batch-row.ts";
import { cutoutSize } from "../../../products/request/cutout-size.ts";
import { groupRows, nightByNight } from "../../../products/stack/group-rows.ts";
import {
  BLINK_RATES,
  type BlinkRequest,
  type StackRequest,
  type StackRow,
} from "../../../products/stack/stack-request.ts";
import type { BlinkQuery, StackQuery } from "./stack-query.ts";

/**
 * What a stack needs of a row of a batch. A status of `done` or `partial` means that it has a
 * frame; if `dt_s` is null, its position is at the middle of the exposure.
 */
export interface FoundRow
  extends Pick<
    BatchRow,
    | "n"
    | "obs_id"
    | "use"
    | "ra_given"
    | "dec_given"
    | "mid_mjd"
    | "dt_s"
    | "exposure"
    | "filter"
    | "rate"
    | "pa"
    | "unc_a"
    | "unc_b"
    | "unc_pa"
    | "unc_sigma"
    | "zp"
    | "weight"
    | "fwhm"
  > {
  readonly status: string;
}

/** The rows of a batch. */
export interface FoundRows {
  readonly id: string;
  readonly target: string | null;
  /** Size of its cutouts, as in GET /images. */
  readonly size: string;
  readonly rows: readonly FoundRow[];
}

/** The request of a stack. Errors: STACK_INVALID, INVALID_PARAMETER. */
export function stackRequest(
  batch: FoundRows,
  format: StackRequest["format"],
  query: StackQuery,
): StackRequest {
  const { combine, interpolation, background, zp, weights, pack } = query;
  if (pack === "rice" && format !== "fits") throw invalid("pack=rice is only for FITS");
  return {
    kind: "stack",
    format,
    ...{ combine, interpolation, background, weights, zeroPoints: zp },
    ...(pack === "rice" && { pack }),
    ...shared(batch, query),
  };
}

/** The request of an animation. Errors: STACK_INVALID, INVALID_PARAMETER. */
export function blinkRequest(
  batch: FoundRows,
  format: BlinkRequest["format"],
  query: BlinkQuery,
): BlinkRequest {
  const { interpolation, speed, fast, loop, order, width, marks = ["object", "compass"] } = query;
  if (speed > BLINK_RATES.highest && !fast) {
    throw invalid(`speed=${speed} needs fast=true; without it, at most ${BLINK_RATES.highest} are allowed`);
  }
  if (width !== undefined && query.scale !== undefined) throw invalid("width and scale exclude each other");
  const base = shared(batch, query);
  return {
    kind: "blink",
    ...{ format, interpolation, rate: speed, plays: loop, marks },
    ...base,
    ...(width !== undefined && { width }),
    rows: order === "nights" ? nightByNight(base.rows) : base.rows,
  };
}

function shared(batch: FoundRows, query: StackQuery | BlinkQuery) {
  const { align, scale, rate, pa, along, group, part, without } = query;
  if ((rate === undefined) !== (pa === undefined)) throw invalid("rate and pa are needed together");
  const isLeftOut = rangesOf(without ?? "");
  const groups = groupRows(batch.rows.filter(({ n }) => !isLeftOut(n)).flatMap(usable), group);
  const rows = groups[part - 1];
  if (rows === undefined) {
    throw invalid(`part=${part} of group=${group}: there are ${groups.length} groups of rows with a frame`);
  }
  return {
    rows,
    batch: batch.id,
    ...(batch.target !== null && { target: batch.target }),
    size: sideOf(query.size ?? batch.size),
    ...(scale !== undefined && { scale }),
    align,
    ...(rate !== undefined && pa !== undefined && { motion: { rate, pa } }),
    ...(along !== undefined && { along }),
  };
}

/** Whether a number is in a list such as 3,7-9. */
function rangesOf(text: string): (n: number) => boolean {
  const ranges = text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => part.split("-").map(Number));
  return (n) => ranges.some(([from = 0, to = from]) => n >= from && n <= to);
}

function invalid(sentence: string): SisError {
  return new SisError("STACK_INVALID", `${sentence}.`);
}

function sideOf(text: string): StackRequest["size"] {
  const { arcsec, sides } = cutoutSize(text);
  if (arcsec !== undefined) return { arcsec };
  const [width, height] = sides!;
  if (width.unit !== height.unit || width.length !== height.length)
    throw invalid(`size=${text} is not a square`);
  return width.unit === "pixel" ? { pixels: width.length } : { arcsec: width.length };
}

function usable(row: FoundRow): readonly StackRow[] {
  const { n, obs_id: id, ra_given: ra, dec_given: dec, mid_mjd: mid, use, status } = row;
  const hasFrame = status === "done" || status === "partial";
  if (!use || !hasFrame || id === null || ra === null || dec === null || mid === null) return [];
  const { rate, pa, unc_a: a, unc_b: b, unc_pa, unc_sigma: sigma, zp } = row;
  return [
    {
      // the position is carried along the motion from its own time to the middle of the exposure
      ...{ n, id, ra, dec, mid, mjd: mid + (row.dt_s ?? 0) / 86_400 },
      ...(rate !== null && pa !== null && { motion: { rate, pa } }),
      ...(a !== null &&
        b !== null &&
        unc_pa !== null &&
        sigma !== null && { uncertainty: { a, b, pa: unc_pa, sigma } }),
      ...(row.exposure !== null && { exposure: row.exposure }),
      ...(row.filter !== null && { filter: row.filter }),
      ...(zp !== null && { zeroPoint: zp }),
      ...(row.weight !== null && { weight: row.weight }),
      ...(row.fwhm !== null && { fwhm: row.fwhm }),
    },
  ];
}
