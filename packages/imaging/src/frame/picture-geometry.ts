import { icrsToPixel, pixelToIcrs, pixelToWorld, type Wcs, worldToPixel } from "@sbnsis/wcs";
import type { Mark } from "../draw/marks.ts";
import type { PixelBox, PixelPoint } from "./cutout-box.ts";
import { type ExactMap, gridMap } from "./grid-map.ts";
import type { RowMap } from "./pixel-map.ts";
import { type TanFrame, tanPixelToSky } from "./tan-frame.ts";
import { avmSystem, tanWcs } from "./tan-wcs.ts";
import { targetFrame } from "./target-frame.ts";
import { unalignedMatrix } from "./unaligned-matrix.ts";

/** Positions computed between two calls of the checkpoint: milliseconds for a strong distortion. */
const PLACES = 1024;

/** Position of a picture on the sky, and of its pixels in the source. */
export interface PictureGeometry {
  readonly frame: TanFrame;
  readonly map: RowMap;
  /** The frame as a coordinate system. */
  readonly wcs: Wcs;
}

/**
 * Frame and map of the picture of an image (as in the existing service).
 * Errors: PICTURE_FAILED when the middle of the image is not on the sky.
 * @param wcs coordinate system of the frame, distortions included
 * @param checkpoint called from time to time while positions are computed one by one, here and by
 * the map
 * @param box the part of the frame that the picture shows
 */
export function pictureGeometry(
  wcs: Wcs,
  { start, shape }: PixelBox,
  align: boolean,
  checkpoint?: () => void,
): PictureGeometry {
  const pixelToSky = (x: number, y: number): readonly [number, number] | undefined => {
    const place = pixelToWorld(wcs, x + start[0], y + start[1]);
    return place && [place.lon, place.lat];
  };
  const { system, equinox, writtenAs } = wcs.frame;
  const cd = align ? wcs.toPlane : unalignedMatrix(wcs, { start, shape });
  const frame = targetFrame({ system: avmSystem(system), equinox, writtenAs, cd, pixelToSky }, shape, align);
  const target = tanWcs(frame, wcs);
  const find = wcs.frame.toIcrs === undefined ? throughOwnSystem : throughIcrs;
  let places = 0;
  const exact: ExactMap = (x, y, out) => {
    if (++places % PLACES === 0) checkpoint?.();
    const place = find(target, wcs, x, y);
    out[0] = place === undefined ? Number.NaN : place.x - start[0];
    out[1] = place === undefined ? Number.NaN : place.y - start[1];
  };
  return { frame, map: gridMap(exact, shape[0], shape[1]), wcs: target };
}

/** The pixel of `to` at the sky position of pixel (x, y) of `from`. */
type FindPixel = (from: Wcs, to: Wcs, x: number, y: number) => PixelPoint | undefined;

const throughIcrs: FindPixel = (from, to, x, y) => {
  const sky = pixelToIcrs(from, x, y);
  return sky && icrsToPixel(to, sky.ra, sky.dec);
};

/** For a common system without a known relation to ICRS. */
const throughOwnSystem: FindPixel = (from, to, x, y) => {
  const sky = pixelToWorld(from, x, y);
  return sky && worldToPixel(to, sky.lon, sky.lat);
};

/**
 * Converts marks at ICRS positions to the celestial system of the picture, without those that are
 * not on its plane.
 */
export function marksOnPicture(marks: readonly Mark[], { frame, wcs }: PictureGeometry): readonly Mark[] {
  return marks.flatMap((mark): readonly Mark[] => {
    if (mark.kind !== "cross" && mark.kind !== "circle") return [mark];
    const place = icrsToPixel(wcs, mark.lon, mark.lat);
    if (place === undefined) return [];
    const [lon, lat] = tanPixelToSky(frame, place.x, place.y);
    return [{ ...mark, lon, lat }];
  });
}
