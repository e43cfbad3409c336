import type { Cut, Mark, PictureOptions } from "@sbnsis/imaging";
import { invalidParameter, onlyWith, textReader } from "../../config/text-value.ts";
import { PICTURE_FORMATS, pictureFormat } from "../../products/encode/formats/registry.ts";
import type { PictureRequest, ProductFormat } from "../../products/product.ts";
import type { ImageQuery } from "./image-query.ts";
import { arrowOf, ellipseOf, markOf, trailOf } from "./mark-request.ts";
import { CUT_ALLOWED, MAXIMUM_QUICK_WIDTH, pictureQueryProperties } from "./picture-query.ts";

const readNumber = textReader({ type: "number" });
const readPercent = textReader({ type: "number", minimum: 0, maximum: 100 });

const namesOf = (formats: typeof PICTURE_FORMATS) => formats.map(({ name }) => name).join(", ");

const NAMES = Object.keys(pictureQueryProperties) as (keyof typeof pictureQueryProperties)[];

/**
 * The picture options of a validated query; undefined where it sets none, so that the product is
 * the same as without them.
 * Errors: INVALID_PARAMETER for values that the schema cannot refuse, for parameters that exclude
 * each other, and for any of them when no picture is requested.
 */
export function pictureRequest(query: ImageQuery, format: ProductFormat): PictureRequest | undefined {
  const given = NAMES.filter((name) => query[name] !== undefined && query[name] !== false);
  if (given.length === 0) return undefined;
  const found = pictureFormat(format);
  if (found === undefined) throw onlyWith(given[0]!, query[given[0]!], `format=${namesOf(PICTURE_FORMATS)}`);
  if (query.quality !== undefined && !found.hasQuality) {
    const names = namesOf(PICTURE_FORMATS.filter((one) => one.hasQuality));
    throw onlyWith("quality", query.quality, `format=${names}`);
  }
  if (query.power !== undefined && query.stretch !== "power")
    throw onlyWith("power", query.power, "stretch=power");
  if (query.zoom !== undefined && query.zoom > 1 && query.width !== undefined)
    throw invalidParameter("zoom", String(query.zoom), "only without width, which reduces the picture");
  if (query.quick) checkQuick(query);
  const options = pictureOptions(query);
  if (Object.keys(options).length === 0 && query.quality === undefined && !query.quick) return undefined;
  return {
    options,
    ...(query.quality !== undefined && { quality: query.quality }),
    ...(query.quick && { quick: true }),
  };
}

/** Errors: INVALID_PARAMETER for parameters that mean nothing for a first look. */
function checkQuick(query: ImageQuery): void {
  const { ra, dec, size, zoom = 1, interpolation = "nearest", width = 1 } = query;
  if (ra !== undefined || dec !== undefined || size !== undefined)
    throw invalidParameter("quick", "true", "only for whole images, without ra, dec and size");
  if (zoom > 1) throw invalidParameter("zoom", String(zoom), "only without quick");
  if (interpolation !== "nearest")
    throw invalidParameter("interpolation", interpolation, "only without quick");
  if (width > MAXIMUM_QUICK_WIDTH)
    throw invalidParameter("width", String(width), `at most ${MAXIMUM_QUICK_WIDTH} together with quick`);
}

/** Options that differ from the defaults. */
function pictureOptions(query: ImageQuery): PictureOptions {
  const {
    stretch = "linear",
    cut = "zscale",
    cmap = "gray",
    interpolation = "nearest",
    width,
    zoom = 1,
  } = query;
  const minCut = cutOf("min_cut", query.min_cut);
  const maxCut = cutOf("max_cut", query.max_cut);
  if (minCut !== undefined && minCut.kind === maxCut?.kind && minCut.value >= maxCut.value) {
    throw invalidParameter("min_cut", query.min_cut ?? "", `less than max_cut, which is ${query.max_cut}`);
  }
  const marks: readonly Mark[] = [
    ...(query.mark ?? []).map(markOf),
    ...(query.ellipse ?? []).map(ellipseOf),
    ...(query.trail ?? []).map(trailOf),
    ...(query.arrow ?? []).map(arrowOf),
    ...(query.scalebar ? [{ kind: "scalebar" } as const] : []),
    ...(query.compass ? [{ kind: "compass" } as const] : []),
  ];
  return {
    ...(stretch !== "linear" && { stretch }),
    ...(query.power !== undefined && { stretchParameter: query.power }),
    ...(cut !== "zscale" && { cut }),
    ...(minCut !== undefined && { minCut }),
    ...(maxCut !== undefined && { maxCut }),
    ...(cmap !== "gray" && { colormap: cmap }),
    ...(query.invert && { invert: true }),
    ...(width !== undefined && { width }),
    ...(zoom > 1 && { zoom }),
    ...(interpolation !== "nearest" && { interpolation }),
    ...(marks.length > 0 && { marks }),
  };
}

function cutOf(name: string, text: string | undefined): Cut | undefined {
  if (text === undefined) return undefined;
  const percent = text.endsWith("%");
  const value = percent ? readPercent(text.slice(0, -1)) : readNumber(text);
  if (typeof value !== "number") throw invalidParameter(name, text, CUT_ALLOWED);
  return { kind: percent ? "percent" : "value", value };
}
