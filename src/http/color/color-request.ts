import type { ColorStretch } from "@sbnsis/imaging";
import type { Catalog } from "../../catalog/catalog.ts";
import { angleOf, readDeclination, readRightAscension } from "../../config/sky-angle.ts";
import { invalidParameter, onlyWith, textReader } from "../../config/text-value.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { CutoutRequest, ProductRequest } from "../../products/product.ts";
import { cutoutSize } from "../../products/request/cutout-size.ts";
import { type ColorQuery, MINIMUM_ALLOWED } from "./color-query.ts";

const readNumber = textReader({ type: "number" });

/** Finds the image of a filter closest to a position. */
type FindImage = Pick<Catalog, "searchImages">;

/**
 * The request that a validated query of /colour expresses.
 * Errors: INCOMPLETE_CUTOUT, INVALID_PARAMETER, IMAGE_NOT_FOUND for a filter without an image
 * there.
 */
export async function colorRequest(query: ColorQuery, catalog: FindImage): Promise<ProductRequest> {
  const cutout = placeOf(query);
  const stretch = stretchOf(query);
  const { quality, interpolation = "bilinear" } = query;
  const format = query.format === "png" ? "png" : "jpeg";
  if (quality !== undefined && format !== "jpeg") throw onlyWith("quality", quality, "format=jpeg");
  const ids = await idsOf(query, cutout, catalog);
  return {
    id: ids[0]!,
    format,
    align: true,
    cutout,
    colour: { ids, stretch, interpolation },
    ...(quality !== undefined && { picture: { options: {}, quality } }),
  };
}

function placeOf({ ra, dec, size }: ColorQuery): CutoutRequest {
  if (ra === undefined || dec === undefined || size === undefined)
    throw new SisError("INCOMPLETE_CUTOUT", "A color picture needs ra, dec and size.");
  return {
    ra: angleOf("ra", ra, readRightAscension),
    dec: angleOf("dec", dec, readDeclination),
    size: cutoutSize(size),
  };
}

function stretchOf(query: ColorQuery): ColorStretch {
  const { stretch = "lupton", q, softening, minimum, cut } = query;
  if (stretch !== "lupton") {
    for (const name of ["q", "softening", "minimum"] as const)
      if (query[name] !== undefined) throw onlyWith(name, query[name], "stretch=lupton");
    return { kind: "channels", options: { stretch, ...(cut !== undefined && { cut }) } };
  }
  if (cut !== undefined) throw onlyWith("cut", cut, "a stretch other than lupton");
  return {
    kind: "lupton",
    ...(q !== undefined && { q }),
    ...(softening !== undefined && { stretch: softening }),
    ...(minimum !== undefined && { minimum: minimaOf(minimum) }),
  };
}

function minimaOf(text: string): readonly [number, number, number] {
  const values = text.split(",").map((part) => readNumber(part.trim()));
  const [r, g = r, b = r] = values;
  const isRight = (values.length === 1 || values.length === 3) && values.every(Number.isFinite);
  if (!isRight) throw invalidParameter("minimum", text, MINIMUM_ALLOWED);
  return [r as number, g as number, b as number];
}

async function idsOf(
  { r, g, b, collection, filters }: ColorQuery,
  place: CutoutRequest,
  catalog: FindImage,
): Promise<readonly string[]> {
  if (filters === undefined) {
    if (collection !== undefined) throw onlyWith("collection", collection, "filters");
    if (r === undefined || b === undefined)
      throw invalidParameter("r", r ?? "", "given together with b, or filters instead of r, g and b");
    return g === undefined ? [r, b] : [r, g, b];
  }
  const given = r ?? g ?? b;
  if (given !== undefined) throw invalidParameter("filters", filters, "only without r, g and b");
  const names = filters.split(",").map((name) => name.trim());
  if (names.length < 2 || names.length > 3 || names.includes(""))
    throw invalidParameter("filters", filters, "two or three filters separated by commas");
  return Promise.all(names.map((filter) => closestImage(filter, collection, place, catalog)));
}

async function closestImage(
  filter: string,
  collection: string | undefined,
  { ra, dec }: CutoutRequest,
  catalog: FindImage,
): Promise<string> {
  const { images } = await catalog.searchImages({
    ...(collection !== undefined && { collection }),
    filter,
    place: { ra, dec, radius: 0 },
    order: "distance",
    maxrec: 1,
    offset: 0,
  });
  const [found] = images;
  if (found === undefined)
    throw new SisError("IMAGE_NOT_FOUND", `No image with the filter ${filter} shows ra=${ra}, dec=${dec}.`);
  return found.record.obsId;
}
