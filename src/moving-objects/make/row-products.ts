import type { Mark } from "@sbnsis/imaging";
import type { PictureRequest, ProductRequest } from "../../products/product.ts";
import type { BatchFormat, BatchMark, BatchOptions } from "../batch-request.ts";
import { rowSize } from "../batch-request.ts";
import type { ObjectRow } from "../object-row.ts";

/** A request for a product, and the same as a query of GET /images. */
export interface RowRequest {
  readonly format: BatchFormat;
  readonly request: ProductRequest;
  readonly query: string;
}

/** What the marks of a row depend on. */
type MarkedRow = Pick<ObjectRow, "rate" | "pa" | "sun_pa" | "vel_pa" | "unc_a" | "unc_b" | "unc_pa">;

/** Degrees to a billionth without an exponent, so that a query gives the same number back. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, "");
}

/** Position angles are written to a hundredth of a degree. */
const angleText = (degrees: number): string => String(Number(degrees.toFixed(2)));

interface MarkText {
  readonly mark: Mark;
  readonly query: readonly [name: string, value: string];
}

function arrow(pa: number | null, label: string): readonly MarkText[] {
  if (pa === null) return [];
  const text = angleText(pa);
  return [
    {
      mark: { kind: "arrow", positionAngle: Number(text), label },
      query: ["arrow", `${text},${label}`],
    },
  ];
}

/** Position of a mark and length of an exposure in seconds, if known. */
interface MarkPlace {
  readonly ra: number;
  readonly dec: number;
  readonly exposure: number | null;
}

/** Lengths are written to a hundredth of an arcsecond. */
const lengthText = (arcsec: number): string => String(Number(arcsec.toFixed(2)));

function ellipse({ unc_a, unc_b, unc_pa }: MarkedRow, { ra, dec }: MarkPlace): readonly MarkText[] {
  if (unc_a === null || unc_b === null || unc_pa === null) return [];
  const [a, b, angle] = [lengthText(unc_a), lengthText(unc_b), angleText(unc_pa)];
  // too thin to be drawn
  if (Number(a) === 0 || Number(b) === 0) return [];
  const semiAxesArcsec = [Number(a), Number(b)] as const;
  return [
    {
      mark: { kind: "ellipse", lon: ra, lat: dec, semiAxesArcsec, positionAngle: Number(angle) },
      query: ["ellipse", `${decimal(ra)},${decimal(dec)},${a},${b},${angle}`],
    },
  ];
}

function trail({ rate, pa }: MarkedRow, { ra, dec, exposure }: MarkPlace): readonly MarkText[] {
  if (rate === null || pa === null || exposure === null) return [];
  const [length, angle] = [lengthText((rate * exposure) / 3600), angleText(pa)];
  if (Number(length) === 0) return [];
  return [
    {
      mark: { kind: "trail", lon: ra, lat: dec, lengthArcsec: Number(length), positionAngle: Number(angle) },
      query: ["trail", `${decimal(ra)},${decimal(dec)},${length},${angle}`],
    },
  ];
}

function markTexts(mark: BatchMark, row: MarkedRow, place: MarkPlace): readonly MarkText[] {
  const { pa, sun_pa, vel_pa } = row;
  const { ra, dec } = place;
  switch (mark) {
    case "ellipse":
      return ellipse(row, place);
    case "trail":
      return trail(row, place);
    case "object":
      return [
        {
          mark: { kind: "cross", lon: ra, lat: dec },
          query: ["mark", `${decimal(ra)},${decimal(dec)}`],
        },
      ];
    case "motion":
      return arrow(pa, "motion");
    case "sun":
      return arrow(sun_pa, "Sun");
    case "velocity":
      return arrow(vel_pa, "v");
    case "north":
      return [{ mark: { kind: "compass" }, query: ["compass", "true"] }];
    case "scale":
      return [{ mark: { kind: "scalebar" }, query: ["scalebar", "true"] }];
  }
}

/**
 * The order in which GET /images draws marks, which is part of the picture; circles are among the
 * crosses.
 */
const DRAWN: readonly Mark["kind"][] = ["cross", "ellipse", "trail", "arrow", "scalebar", "compass"];

function pictureOf(
  options: BatchOptions,
  marks: readonly Mark[],
  format: BatchFormat,
): PictureRequest | undefined {
  const { picture } = options;
  const all = [...(picture?.options.marks ?? []), ...marks];
  const rank = ({ kind }: Mark) => DRAWN.indexOf(kind === "circle" ? "cross" : kind);
  const sorted = [...all].sort((a, b) => rank(a) - rank(b));
  const quality = format === "jpeg" ? picture?.quality : undefined;
  const drawn = { ...picture?.options, ...(sorted.length > 0 && { marks: sorted }) };
  if (Object.keys(drawn).length === 0 && quality === undefined) return undefined;
  return { options: drawn, ...(quality !== undefined && { quality }) };
}

/**
 * The requests of a row, one for each format.
 *
 * @param place center of the cutouts: ICRS, degrees
 */
export function rowRequests(
  row: ObjectRow,
  options: BatchOptions,
  { ra, dec, exposure }: MarkPlace,
): readonly RowRequest[] {
  const id = row.obs_id ?? "";
  const size = rowSize(row, options);
  const cutout = { ra: Number(decimal(ra)), dec: Number(decimal(dec)), size };
  const texts = options.marks.flatMap((mark) =>
    markTexts(mark, row, { ra: cutout.ra, dec: cutout.dec, exposure }),
  );
  return options.formats.map((format) => {
    const query = new URLSearchParams({ format, ra: decimal(ra), dec: decimal(dec), size: size.text });
    if (format === "fits") {
      const { pack, header } = options;
      if (pack === "rice") query.set("pack", pack);
      if (header === "minimal") query.set("header", header);
      const fits = { ...(pack === "rice" && { pack }), ...(header === "minimal" && { header }) };
      const request = { id, format, align: false, cutout, ...(Object.keys(fits).length > 0 && { fits }) };
      return { format, request, query: query.toString() };
    }
    if (options.align) query.set("align", "true");
    for (const [name, value] of new URLSearchParams(options.pictureQuery)) {
      if (name !== "quality" || format === "jpeg") query.append(name, value);
    }
    for (const { query: pair } of texts) query.append(...(pair as [string, string]));
    const picture = pictureOf(
      options,
      texts.map(({ mark }) => mark),
      format,
    );
    const request = { id, format, align: options.align, cutout, ...(picture !== undefined && { picture }) };
    return { format, request, query: query.toString() };
  });
}
