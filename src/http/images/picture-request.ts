import type { Cut, Mark, PictureOptions } from "@sbnsis/imaging";
import { invalidParameter } from "../../config/invalid-parameter.ts";
import { readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { shownValue, textReader } from "../../config/text-value.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { PictureRequest, ProductFormat } from "../../products/product.ts";
import type { ImageQuery } from "./image-query.ts";
import {
  ARROW_ALLOWED,
  CUT_ALLOWED,
  MARK_ALLOWED,
  MAXIMUM_MARK_RADIUS,
  pictureQueryProperties,
} from "./picture-query.ts";

const readRadius = textReader({ type: "number", minimum: Number.MIN_VALUE, maximum: MAXIMUM_MARK_RADIUS });
const readAngle = textReader({ type: "number", minimum: -360, maximum: 360 });
const readLabel = textReader({ type: "string", pattern: "^[ -~]{1,16}$" });
const readNumber = textReader({ type: "number" });
const readPercent = textReader({ type: "number", minimum: 0, maximum: 100 });

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
  if (format !== "jpeg" && format !== "png") throw onlyWith(given[0]!, "format=jpeg, png", query);
  if (query.quality !== undefined && format !== "jpeg") throw onlyWith("quality", "format=jpeg", query);
  if (query.power !== undefined && query.stretch !== "power") throw onlyWith("power", "stretch=power", query);
  if (query.zoom !== undefined && query.zoom > 1 && query.width !== undefined)
    throw invalidParameter("zoom", String(query.zoom), "only without width, which reduces the picture");
  const options = pictureOptions(query);
  if (Object.keys(options).length === 0 && query.quality === undefined) return undefined;
  return { options, ...(query.quality !== undefined && { quality: query.quality }) };
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

function markOf(text: string): Mark {
  const parts = text.split(",").map((part) => part.trim());
  const [ra, dec] = [readRightAscension(parts[0] ?? ""), readDeclination(parts[1] ?? "")];
  const radius = parts[2] === undefined ? undefined : readRadius(parts[2]);
  if ("allowed" in ra || "allowed" in dec || parts.length > 3) {
    throw invalidParameter("mark", text, MARK_ALLOWED);
  }
  const [lon, lat] = [ra.degrees, dec.degrees];
  if (parts[2] === undefined) return { kind: "cross", lon, lat };
  if (typeof radius !== "number") throw invalidParameter("mark", text, MARK_ALLOWED);
  return { kind: "circle", lon, lat, radiusArcsec: radius };
}

function arrowOf(text: string): Mark {
  const comma = text.indexOf(",");
  const positionAngle = readAngle((comma < 0 ? text : text.slice(0, comma)).trim());
  if (typeof positionAngle !== "number") throw invalidParameter("arrow", text, ARROW_ALLOWED);
  if (comma < 0) return { kind: "arrow", positionAngle };
  const label = readLabel(text.slice(comma + 1));
  if (typeof label !== "string") throw invalidParameter("arrow", text, ARROW_ALLOWED);
  return { kind: "arrow", positionAngle, label };
}

function onlyWith(name: keyof ImageQuery, what: string, query: ImageQuery): SisError {
  const value = String(query[name]);
  return new SisError(
    "INVALID_PARAMETER",
    `Parameter ${name} is ${shownValue(value)}; allowed: only together with ${what}.`,
    { details: { parameter: name, value: value.slice(0, 60), allowed: `only together with ${what}` } },
  );
}
