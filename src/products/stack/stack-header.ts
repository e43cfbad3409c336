import { binaryTableHdu, type Card, commentCards, realCard, type TableColumn, valueCard } from "@sbnsis/fits";
import type { Stack } from "@sbnsis/imaging";
import { unixMsOfMjd } from "@sbnsis/pds4";
import { DEGREE } from "@sbnsis/wcs/internal";
import type { PlannedFrame, StackPlan } from "./plan-stack.ts";

/** A time as ISO 8601 with milliseconds, without a zone, as FITS writes it (4.0, 9.1.1). */
export function isoTime(mjd: number): string {
  return new Date(unixMsOfMjd(mjd)).toISOString().slice(0, 23);
}

/**
 * The coordinate systems of a stack: gnomonic about the object at the reference time, and with the
 * letter O offsets from it, arcseconds towards east and north. FITS 4.0, 8.
 */
export function stackWcsCards({ side, scale, reference: { ra, dec } }: StackPlan): readonly Card[] {
  const middle = (side + 1) / 2;
  return [
    valueCard("WCSAXES", 2, "number of world coordinate axes"),
    valueCard("CTYPE1", "RA---TAN", "gnomonic"),
    valueCard("CTYPE2", "DEC--TAN", "gnomonic"),
    valueCard("CUNIT1", "deg"),
    valueCard("CUNIT2", "deg"),
    realCard("CRVAL1", ra, "[deg] right ascension of the object at MJD-AVG"),
    realCard("CRVAL2", dec, "[deg] declination of the object at MJD-AVG"),
    realCard("CRPIX1", middle),
    realCard("CRPIX2", middle),
    realCard("CDELT1", -scale),
    realCard("CDELT2", scale),
    valueCard("RADESYS", "ICRS"),
    valueCard("WCSNAMEO", "OFFSET", "from the predicted position"),
    valueCard("CTYPE1O", "EAST", "offset towards east"),
    valueCard("CTYPE2O", "NORTH", "offset towards north"),
    valueCard("CUNIT1O", "arcsec"),
    valueCard("CUNIT2O", "arcsec"),
    realCard("CRVAL1O", 0),
    realCard("CRVAL2O", 0),
    realCard("CRPIX1O", middle),
    realCard("CRPIX2O", middle),
    realCard("CDELT1O", -scale * 3600),
    realCard("CDELT2O", scale * 3600),
  ];
}

/** The cards of the primary header of a stack, other than its structure. */
export function stackCards(plan: StackPlan): readonly Card[] {
  const { frames, reference, combine, align, version, target, batch, zeroPoint } = plan;
  const half = ({ row }: PlannedFrame) => (row.exposure ?? 0) / 2 / 86_400;
  const begin = Math.min(...frames.map((frame) => frame.row.mid - half(frame)));
  const end = Math.max(...frames.map((frame) => frame.row.mid + half(frame)));
  const exposures = frames.map(({ row }) => row.exposure);
  const known = exposures.every((exposure) => exposure !== undefined);
  const total = exposures.reduce<number>((sum, exposure) => sum + (exposure ?? 0), 0);
  const skipped = plan.skipped.length;
  return [
    ...stackWcsCards(plan),
    valueCard("TIMESYS", "UTC"),
    valueCard("DATE-BEG", isoTime(begin), "start of the first exposure"),
    valueCard("DATE-AVG", isoTime(reference.mjd), "reference time"),
    valueCard("DATE-END", isoTime(end), "end of the last exposure"),
    realCard("MJD-AVG", reference.mjd, "[d] reference time"),
    ...(target === undefined ? [] : [valueCard("OBJECT", target)]),
    valueCard("NCOMBINE", frames.length, "number of frames"),
    ...(known
      ? [
          realCard("EXPTOTAL", total, "[s] sum of the exposures"),
          realCard(
            "EXPMEAN",
            combine === "sum" ? total : total / frames.length,
            "[s] that the values are of",
          ),
        ]
      : []),
    valueCard("SIS-ALGN", align.toUpperCase(), "what keeps its place"),
    valueCard("SIS-COMB", combine.toUpperCase(), "how values are combined"),
    valueCard("SIS-INTP", plan.interpolation.toUpperCase(), "how frames are sampled"),
    valueCard("SIS-BKG", plan.background.toUpperCase(), "what is subtracted from frames"),
    ...(combine === "weighted" ? [valueCard("SIS-WGT", plan.weights.toUpperCase(), "weights")] : []),
    valueCard("SIS-ZP", plan.zeroPoints.toUpperCase(), "where zero points are from"),
    ...(zeroPoint === undefined ? [] : [realCard("MAGZPT", zeroPoint, "[mag] zero point of the values")]),
    valueCard("SIS-NFAC", false, "noise factor of sampling divided out of ERROR"),
    valueCard("SIS-NSKP", skipped, "number of rows without a usable frame"),
    ...(batch === undefined ? [] : [valueCard("SIS-BTCH", batch, "batch of the rows")]),
    ...commentCards("COMMENT", `Stack made by the SBN Survey Image Service ${version}`),
    ...(align === "object"
      ? commentCards("COMMENT", "The coordinates are those of the object: stars are not at their places.")
      : commentCards("COMMENT", "The coordinates are those of the stars.")),
    ...plan.skipped.flatMap(({ row, code }) => commentCards("COMMENT", `Row ${row} was left out: ${code}`)),
  ];
}

/** The table FRAMES: one row for every frame of a stack, in the order of the rows. */
export function framesTable(plan: StackPlan, { frames: results }: Stack): Uint8Array {
  const { frames } = plan;
  const number = (
    name: string,
    unit: string | undefined,
    value: (frame: (typeof frames)[number], k: number) => number,
  ): TableColumn => ({
    name,
    ...(unit !== undefined && { unit }),
    values: frames.map(value),
  });
  const text = (name: string, value: (frame: (typeof frames)[number]) => string): TableColumn => ({
    name,
    values: frames.map(value),
  });
  const integer = (
    name: string,
    value: (frame: (typeof frames)[number], k: number) => number,
  ): TableColumn => ({
    ...number(name, undefined, value),
    integer: true,
  });
  const columns: readonly TableColumn[] = [
    integer("N", ({ n }) => n),
    text("OBS_ID", ({ row }) => row.id),
    number("MJD_AVG", "d", ({ row }) => row.mid),
    number("EXPOSURE", "s", ({ row }) => row.exposure ?? Number.NaN),
    text("FILTER", ({ row }) => row.filter ?? ""),
    number("RA", "deg", ({ object }) => object.ra),
    number("DEC", "deg", ({ object }) => object.dec),
    number("X", "pixel", ({ pixel }) => pixel[0] + 1),
    number("Y", "pixel", ({ pixel }) => pixel[1] + 1),
    number("ROT", "deg", ({ wcs }) => Math.atan2(wcs.toPlane[1], wcs.toPlane[3]) / DEGREE),
    number(
      "SCALE",
      "arcsec",
      ({
        wcs: {
          toPlane: [a, b, c, d],
        },
      }) => 3600 * Math.sqrt(Math.abs(a * d - b * c)),
    ),
    number("ZP", "mag", ({ zeroPoint }) => zeroPoint ?? Number.NaN),
    number("SKY", undefined, (_, k) => results[k]!.sky.median),
    number("SIGMA", undefined, (_, k) => results[k]!.sky.sigma),
    number("WEIGHT", undefined, ({ weight }, k) => weightOf(plan, weight, results[k]!.sky.sigma)),
    integer("NUSED", (_, k) => results[k]!.used),
    integer("NREJECT", (_, k) => results[k]!.rejected),
  ];
  return binaryTableHdu(columns, [valueCard("EXTNAME", "FRAMES")]);
}

/** The weight of a frame where its pixels have the area of those of the stack. */
function weightOf({ combine, weights }: StackPlan, weight: number, sigma: number): number {
  return combine === "weighted" && weights !== "row" ? weight / (sigma * sigma) : weight;
}
