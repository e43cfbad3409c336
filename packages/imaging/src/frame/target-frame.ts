import { ImagingError } from "../errors.ts";
import type { TanFrame } from "./tan-frame.ts";

/** Properties of the source that determine the frame of its picture. */
export interface SourceSky {
  readonly system: TanFrame["system"];
  readonly equinox: number | undefined;
  readonly writtenAs?: string | undefined;
  /** Linear matrix, degrees per pixel: CD1_1, CD1_2, CD2_1, CD2_2. */
  readonly cd: readonly [number, number, number, number];
  /** Longitude and latitude of a pixel, counted from 0, in the source's own system. */
  pixelToSky(x: number, y: number): readonly [number, number] | undefined;
}

/**
 * A tangent point at the north pole is shifted by less than a microarcsecond: at the pole the
 * default of LONPOLE is 0 instead of 180 (FITS 4.0, 8.3), and readers would rotate the picture.
 */
const HIGHEST_LATITUDE = 90 - 1e-10;

/**
 * The frame of a picture (as in the existing service, but also correct for images that are not
 * square): as many pixels as the source, TAN with the tangent point at the middle of the image, and
 * the source's matrix; or, if aligned, north up, east to the left and the source's pixel scales.
 * Errors: PICTURE_FAILED when the middle of the image is not on the sky.
 */
export function targetFrame(source: SourceSky, naxis: readonly [number, number], align: boolean): TanFrame {
  const crpix = [naxis[0] / 2 + 0.5, naxis[1] / 2 + 0.5] as const;
  const crval = source.pixelToSky(crpix[0] - 1, crpix[1] - 1);
  if (crval === undefined) {
    throw new ImagingError(
      "PICTURE_FAILED",
      "the coordinate system does not map the middle of the image to the sky",
    );
  }
  const [cd11, cd12, cd21, cd22] = source.cd;
  return {
    system: source.system,
    ...(source.writtenAs !== undefined && { writtenAs: source.writtenAs }),
    equinox: source.equinox ?? (source.system === "FK4" ? 1950 : 2000),
    crval: [crval[0], Math.min(crval[1], HIGHEST_LATITUDE)],
    crpix,
    cd: align ? [-Math.hypot(cd11, cd21), 0, 0, Math.hypot(cd12, cd22)] : source.cd,
  };
}
