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

/**
 * A summary of a coordinate system. Positions are ICRS degrees; null in frames that cannot be
 * converted to ICRS, or off the sky.
 */
export interface SkyDescription {
  readonly ctype: readonly string[];
  readonly frame: string;
  /** Years; null for frames without one. */
  readonly equinox: number | null;
  readonly distortion: string;
  /** Position of the image center. */
  readonly centre: { readonly ra: number; readonly dec: number } | null;
  /** Arcseconds per pixel along x and y. */
  readonly scaleArcsec: readonly number[];
  /** The outer corners, counter-clockwise in pixels from the first. */
  readonly footprint: readonly (readonly [number, number])[] | null;
}

/**
 * Sky position of a pixel: x and y count from 1, and 1 is the center of the first pixel; degrees in
 * the header's own frame, null off the sky.
 */
export interface PixelPlace {
  readonly x: number;
  readonly y: number;
  readonly lon: number | null;
  readonly lat: number | null;
}

/**
 * The pixel of an ICRS position (or of a position in the header's own frame, if that cannot be
 * converted to ICRS): from 1, null when the position is not on the map.
 */
export interface SkyPlace {
  readonly ra: number;
  readonly dec: number;
  readonly x: number | null;
  readonly y: number | null;
}

/**
 * The coordinate system of an image header; undefined when it has none. Oddities, and the reason
 * why it cannot be read, are added to `warnings`.
 */
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
    const lookupTable = needsLookupTables(header) ? await readLookupTables(source, header) : undefined;
    const wcs = wcsFromHeader(header, lookupTable === undefined ? {} : { lookupTable });
    for (const { code, message } of wcs.warnings) warnings.push(`${code}: ${message}`);
    return wcs;
  } catch (error) {
    if (!isSisError(error, "WCS_INVALID", "WCS_UNSUPPORTED")) throw error;
    warnings.push(`${error.code}: ${error.message}`);
    return undefined;
  }
}

/** Summarizes a coordinate system for an image of `naxis` pixels. */
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
