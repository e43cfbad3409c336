import type { ByteSource, Header } from "@sbnsis/fits";
import {
  footprint,
  hasCelestialWcs,
  icrsToPixel,
  pixelScales,
  pixelToIcrs,
  pixelToWorld,
  type Wcs,
  wcsFromHeader,
  worldToPixel,
} from "@sbnsis/wcs";
import { celestialAxesOffImage } from "@sbnsis/wcs/internal";
import { isSisError } from "../../errors/sis-error.ts";
import { needsLookupTables, readLookupTables } from "../../products/lookup-tables.ts";

/** A coordinate system, summed up. Positions are ICRS degrees; null in frames without a way there, or off the sky. */
export interface SkyDescription {
  readonly ctype: readonly string[];
  readonly frame: string;
  /** Years; null for frames without one. */
  readonly equinox: number | null;
  readonly distortion: string;
  /** Of the middle of the image. */
  readonly centre: { readonly ra: number; readonly dec: number } | null;
  /** Arcseconds per pixel along x and y. */
  readonly scaleArcsec: readonly number[];
  /** The outer corners, counter-clockwise in pixels from the first. */
  readonly footprint: readonly (readonly [number, number])[] | null;
}

/** Where a pixel lies: x and y count from 1 and 1 is the middle of the first; degrees in the header's own frame, null off the sky. */
export interface PixelPlace {
  readonly x: number;
  readonly y: number;
  readonly lon: number | null;
  readonly lat: number | null;
}

/** The pixel of an ICRS position (of one in the header's own frame, where that has no way to ICRS): from 1, null when the map has no such place. */
export interface SkyPlace {
  readonly ra: number;
  readonly dec: number;
  readonly x: number | null;
  readonly y: number | null;
}

/** The coordinate system of an image header; undefined when it has none. What is odd about it, or why it cannot be read, is added to `warnings`. */
export async function readSky(
  source: ByteSource,
  header: Header,
  warnings: string[],
): Promise<Wcs | undefined> {
  try {
    const elsewhere = celestialAxesOffImage(header);
    if (elsewhere !== undefined)
      warnings.push(
        `NO_CELESTIAL_WCS: The celestial axes ${elsewhere.join(" and ")} are not axes of the image.`,
      );
    if (!hasCelestialWcs(header)) return undefined;
    const lookupTable = needsLookupTables(header) ? await readLookupTables(source) : undefined;
    const wcs = wcsFromHeader(header, lookupTable === undefined ? {} : { lookupTable });
    for (const { code, message } of wcs.warnings) warnings.push(`${code}: ${message}`);
    return wcs;
  } catch (error) {
    if (!isSisError(error, "WCS_INVALID", "WCS_UNSUPPORTED")) throw error;
    warnings.push(`${error.code}: ${error.message}`);
    return undefined;
  }
}

/** Sums a coordinate system up for an image of `naxis` pixels. */
export function describeSky(wcs: Wcs, naxis: readonly number[]): SkyDescription {
  const [nx, ny] = wcs.axes.map((axis) => naxis[axis - 1] ?? 1) as [number, number];
  return {
    ctype: wcs.ctype,
    frame: wcs.frame.system,
    equinox: wcs.frame.equinox ?? null,
    distortion: wcs.distortion,
    centre: pixelToIcrs(wcs, (nx - 1) / 2, (ny - 1) / 2) ?? null,
    scaleArcsec: pixelScales(wcs).map((degrees) => degrees * 3600),
    footprint: footprint(wcs, [nx, ny]) ?? null,
  };
}

export function pixelPlace(wcs: Wcs, [x, y]: readonly [number, number]): PixelPlace {
  const found = pixelToWorld(wcs, x - 1, y - 1);
  return { x, y, lon: found?.lon ?? null, lat: found?.lat ?? null };
}

export function skyPlace(wcs: Wcs, [ra, dec]: readonly [number, number]): SkyPlace {
  const found = (wcs.frame.toIcrs === undefined ? worldToPixel : icrsToPixel)(wcs, ra, dec);
  return {
    ra,
    dec,
    x: found === undefined ? null : found.x + 1,
    y: found === undefined ? null : found.y + 1,
  };
}
