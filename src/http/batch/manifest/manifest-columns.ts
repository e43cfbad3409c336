import type { BatchRow, RowProduct } from "../../../moving-objects/batch-row.ts";
import type { VotableColumn } from "../../responses/tables.ts";

/** A value of the manifest. */
export type ManifestValue = string | number | boolean | null | readonly string[];

/** A column of the manifest. */
export interface ManifestColumn extends VotableColumn {
  /** @param baseUrl beginning of all links; undefined outside a service, which has no links */
  readonly value: (row: BatchRow, baseUrl: string | undefined) => ManifestValue;
}

type Scalar = Exclude<keyof BatchRow, "products" | "warnings">;
type Parts = Partial<Pick<VotableColumn, "unit" | "ref" | "ucd">>;

const own =
  (datatype: VotableColumn["datatype"]) =>
  (name: Scalar, description: string, { ucd = "meta.note", ...parts }: Parts = {}): ManifestColumn => ({
    name,
    datatype,
    description,
    ucd,
    ...parts,
    value: (row) => row[name],
  });
const text = own("unicodeChar");
const real = own("double");
const int = own("int");

const angle = (name: Scalar, description: string) =>
  real(name, description, { unit: "deg", ucd: "pos.posAng" });
const arcsec = (name: Scalar, description: string) =>
  real(name, description, { unit: "arcsec", ucd: "pos.angDistance" });
const pixel = (name: Scalar, description: string) =>
  real(name, description, { unit: "pix", ucd: "pos.cartesian;instr.det" });

function link(name: string, description: string, value: ManifestColumn["value"]): ManifestColumn {
  return { name, datatype: "char", ucd: "meta.ref.url", description, value };
}

const productOf = (row: BatchRow, format: string): RowProduct | undefined =>
  row.products.find((product) => product.format === format);

function imageUrl(row: BatchRow, baseUrl: string | undefined, query: string | undefined): string | null {
  if (row.obs_id === null || baseUrl === undefined || query === undefined) return null;
  return `${baseUrl}/images/${encodeURIComponent(row.obs_id)}${query === "" ? "" : `?${query}`}`;
}

/** Columns of the manifest in order. */
export const MANIFEST_COLUMNS: readonly ManifestColumn[] = [
  int("n", "Number of the row, from 1", { ucd: "meta.number;meta.main" }),
  text("row", "The caller's own name of the row", { ucd: "meta.id" }),
  text("status", "done, partial, failed or skipped", { ucd: "meta.code.status" }),
  text("code", "Identifier of the error", { ucd: "meta.code.error" }),
  text("detail", "Description of the error"),
  text("column", "The column at fault"),
  {
    name: "warnings",
    datatype: "char",
    ucd: "meta.note",
    description: "Codes of warnings, separated by spaces",
    value: ({ warnings }) => warnings,
  },
  text("obs_id", "PDS4 logical identifier of the frame", { ucd: "meta.id" }),
  text("survey", "Collection of the frame", { ucd: "meta.id" }),
  text("facility", "Facility", { ucd: "meta.id;instr.tel" }),
  text("instrument", "Instrument", { ucd: "meta.id;instr" }),
  text("filter", "Filter", { ucd: "meta.id;instr.filter" }),
  real("exposure", "Exposure time", { unit: "s", ucd: "time.duration;obs.exposure" }),
  text("start", "Start of the exposure (UTC), as written in the label", {
    ref: "utc",
    ucd: "time.start;obs.exposure",
  }),
  text("stop", "End of the exposure (UTC), as written in the label", {
    ref: "utc",
    ucd: "time.end;obs.exposure",
  }),
  text("mid", "Middle of the exposure (UTC)", { ref: "utc", ucd: "time.epoch;obs.exposure" }),
  real("mid_mjd", "Middle of the exposure, MJD (UTC)", { unit: "d", ucd: "time.epoch;obs.exposure" }),
  text("mid_from", "Where the middle comes from: label, header:KEYWORDS or given"),
  real("dt_s", "Time of the row minus the middle of the exposure", { unit: "s", ucd: "time.duration" }),
  real("ra", "Center of the cutout", { unit: "deg", ref: "icrs", ucd: "pos.eq.ra;meta.main" }),
  real("dec", "Center of the cutout", { unit: "deg", ref: "icrs", ucd: "pos.eq.dec;meta.main" }),
  real("ra_given", "Position as given", { unit: "deg", ref: "icrs", ucd: "pos.eq.ra" }),
  real("dec_given", "Position as given", { unit: "deg", ref: "icrs", ucd: "pos.eq.dec" }),
  pixel("x", "Center in the frame, counted from 1"),
  pixel("y", "Center in the frame, counted from 1"),
  pixel("cut_x", "Center in the cutout, counted from 1"),
  pixel("cut_y", "Center in the cutout, counted from 1"),
  int("cut_w", "Width of the cutout", { unit: "pix", ucd: "phys.size" }),
  int("cut_h", "Height of the cutout", { unit: "pix", ucd: "phys.size" }),
  real("inside", "Fraction of the requested box that is on the frame", { ucd: "arith.ratio" }),
  pixel("edge_px", "Distance of the center from the nearest edge of the frame"),
  real("rate", "Motion on the sky", { unit: "arcsec/h", ucd: "pos.pm" }),
  angle("pa", "Position angle of the motion, north through east"),
  arcsec("trail_arcsec", "Length of the trail during the exposure"),
  arcsec("unc_a", "Semi-major axis of the uncertainty ellipse"),
  arcsec("unc_b", "Semi-minor axis of the uncertainty ellipse"),
  angle("unc_pa", "Position angle of the major axis"),
  real("unc_sigma", "Standard deviations of the axes", { ucd: "stat.value" }),
  angle("sun_pa", "Position angle towards the Sun"),
  angle("vel_pa", "Position angle of the heliocentric velocity"),
  real("vmag", "Predicted magnitude", { unit: "mag", ucd: "phot.mag" }),
  real("scale_arcsec", "Scale at the center", { unit: "arcsec/pix", ucd: "instr.pixel" }),
  angle("north_pa", "Position angle of the y axis at the center"),
  int("parity", "1 as seen on the sky, -1 mirrored"),
  real("sky", "Median of the cutout", { ucd: "phot.count;stat.median" }),
  real("sigma", "1.4826 times the median absolute deviation of the cutout", { ucd: "stat.stdev" }),
  real("zp", "Zero point of the header", { unit: "mag", ucd: "phot.mag;arith.zp" }),
  text("zp_from", "Where the zero point comes from: header:KEYWORD"),
  arcsec("fwhm", "Full width at half maximum of a point source"),
  text("fwhm_from", "Where the FWHM comes from: given or header:KEYWORD"),
  real("valid_fraction", "Fraction of the pixels that have a value", { ucd: "arith.ratio" }),
  {
    name: "use",
    datatype: "char",
    ucd: "meta.code",
    description: "Whether stacks use the row",
    value: ({ use }) => use,
  },
  real("weight", "Weight in stacks", { ucd: "stat.weight" }),
  text("label", "Label of the row"),
  arcsec("interp_err", "Estimated error of the interpolated position"),
  link("fits_url", "FITS cutout", (row, base) => imageUrl(row, base, productOf(row, "fits")?.query)),
  {
    name: "fits_bytes",
    datatype: "int",
    unit: "byte",
    ucd: "phys.size;meta.file",
    description: "Size of the FITS cutout",
    value: (row) => productOf(row, "fits")?.bytes ?? null,
  },
  {
    name: "fits_etag",
    datatype: "char",
    ucd: "meta.id;meta.file",
    description: "Entity tag of the FITS cutout",
    value: (row) => productOf(row, "fits")?.etag ?? null,
  },
  link("jpeg_url", "JPEG picture", (row, base) => imageUrl(row, base, productOf(row, "jpeg")?.query)),
  link("png_url", "PNG picture", (row, base) => imageUrl(row, base, productOf(row, "png")?.query)),
  link("label_url", "Label of the frame", (row, base) => imageUrl(row, base, "format=label")),
  link("frame_url", "The whole frame", (row, base) => imageUrl(row, base, "")),
  {
    name: "made",
    datatype: "char",
    ref: "utc",
    ucd: "time.creation",
    description: "When the row was made (UTC)",
    value: ({ made }) => (made === null ? null : new Date(made).toISOString()),
  },
  real("ms", "Time that making took", { unit: "ms", ucd: "time.duration" }),
];
