import { DEGREE } from "@sbnsis/wcs/internal";
/** The gnomonic frame of a picture: FITS TAN without distortion, LONPOLE 180, plain data. */
export interface TanFrame {
  /**
   * Celestial system of crval: RADESYS of equatorial frames, or else its AVM name; OTHER when it
   * has none.
   */
  readonly system: "ICRS" | "FK5" | "FK4" | "ECL" | "GAL" | "SGAL" | "OTHER";
  /** The source header's name for a system of OTHER. */
  readonly writtenAs?: string;
  /** EQUINOX in years, for systems with one. */
  readonly equinox: number | undefined;
  /** Longitude and latitude of the tangent point, degrees. */
  readonly crval: readonly [number, number];
  /** Pixel of the tangent point, counted from 1 at the centre of the lower left pixel. */
  readonly crpix: readonly [number, number];
  /** CD1_1, CD1_2, CD2_1, CD2_2: degrees per pixel. */
  readonly cd: readonly [number, number, number, number];
}

/**
 * Longitude and latitude in degrees of a position in the picture; x and y count from 0 at the
 * centre of the lower left pixel. FITS WCS paper II, 5.1.3.
 */
export function tanPixelToSky(frame: TanFrame, x: number, y: number): readonly [number, number] {
  const dx = x + 1 - frame.crpix[0];
  const dy = y + 1 - frame.crpix[1];
  const [cd11, cd12, cd21, cd22] = frame.cd;
  const xi = (cd11 * dx + cd12 * dy) * DEGREE;
  const eta = (cd21 * dx + cd22 * dy) * DEGREE;
  const sin0 = Math.sin(frame.crval[1] * DEGREE);
  const cos0 = Math.cos(frame.crval[1] * DEGREE);
  const down = cos0 - eta * sin0;
  const lon = frame.crval[0] + Math.atan2(xi, down) / DEGREE;
  const lat = Math.atan2(sin0 + eta * cos0, Math.hypot(xi, down)) / DEGREE;
  return [lon - 360 * Math.floor(lon / 360), lat];
}

/**
 * Picture position of a sky position, x and y from 0; undefined at 90 degrees or more from the
 * tangent point.
 */
export function tanSkyToPixel(
  frame: TanFrame,
  lon: number,
  lat: number,
): { readonly x: number; readonly y: number } | undefined {
  const dLon = (lon - frame.crval[0]) * DEGREE;
  const sin0 = Math.sin(frame.crval[1] * DEGREE);
  const cos0 = Math.cos(frame.crval[1] * DEGREE);
  const sin = Math.sin(lat * DEGREE);
  const cos = Math.cos(lat * DEGREE);
  const depth = sin * sin0 + cos * cos0 * Math.cos(dLon);
  if (!(depth > 0)) return undefined;
  const xi = (cos * Math.sin(dLon)) / depth / DEGREE;
  const eta = (sin * cos0 - cos * sin0 * Math.cos(dLon)) / depth / DEGREE;
  const [cd11, cd12, cd21, cd22] = frame.cd;
  const determinant = cd11 * cd22 - cd12 * cd21;
  return {
    x: (cd22 * xi - cd12 * eta) / determinant + frame.crpix[0] - 1,
    y: (cd11 * eta - cd21 * xi) / determinant + frame.crpix[1] - 1,
  };
}

/**
 * The frame of an enlarged or reduced picture of the same field.
 * @param from width and height before, pixels
 * @param to width and height after
 */
export function scaledFrame(
  frame: TanFrame,
  from: readonly [number, number],
  to: readonly [number, number],
): TanFrame {
  const sx = from[0] / to[0];
  const sy = from[1] / to[1];
  const [cd11, cd12, cd21, cd22] = frame.cd;
  return {
    ...frame,
    crpix: [(frame.crpix[0] - 0.5) / sx + 0.5, (frame.crpix[1] - 0.5) / sy + 0.5],
    cd: [cd11 * sx, cd12 * sy, cd21 * sx, cd22 * sy],
  };
}
