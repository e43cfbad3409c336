import { icrsToPixel, pixelMap, pixelToIcrs, pixelToWorld, type RowMap, type Wcs } from "@sbnsis/wcs";
import { offsetAlong, positionAngle, tanWcs } from "@sbnsis/wcs/internal";
import type { Mark } from "../draw/marks.ts";
import type { PixelBox } from "./cutout-box.ts";
import { avmSystem, type TanFrame, tanPixelToSky } from "./tan-frame.ts";
import { targetFrame } from "./target-frame.ts";
import { unalignedMatrix } from "./unaligned-matrix.ts";

/** Position of a picture on the sky, and of its pixels in the source. */
export interface PictureGeometry {
  readonly frame: TanFrame;
  readonly map: RowMap;
  /** The frame as a coordinate system. */
  readonly wcs: Wcs;
}

/**
 * Frame of the picture of an image (as in the existing service). Errors: PICTURE_FAILED when the
 * middle of the image is not on the sky.
 * @param box the part of the image that the picture shows
 */
export function pictureFrame(wcs: Wcs, { start, shape }: PixelBox, align: boolean): TanFrame {
  const pixelToSky = (x: number, y: number): readonly [number, number] | undefined => {
    const place = pixelToWorld(wcs, x + start[0], y + start[1]);
    return place && [place.lon, place.lat];
  };
  const { system, equinox, writtenAs } = wcs.frame;
  const cd = align ? wcs.toPlane : unalignedMatrix(wcs, { start, shape });
  return targetFrame({ system: avmSystem(system), equinox, writtenAs, cd, pixelToSky }, shape, align);
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
  box: PixelBox,
  align: boolean,
  checkpoint?: () => void,
): PictureGeometry {
  const frame = pictureFrame(wcs, box, align);
  const target = tanWcs(frame, wcs.frame);
  const { rows } = pixelMap(target, wcs, box.shape, {
    origin: box.start,
    ...(checkpoint && { checkpoint }),
  });
  return { frame, map: rows, wcs: target };
}

/** Length of the great-circle arc used to convert a position angle, degrees. */
const PROBE = 0.1;

/**
 * Converts marks (positions and position angles) from ICRS to the celestial system of the picture,
 * leaving out those that are not on its plane. Arrows are drawn at the middle of the picture; in a
 * system without a known relation to ICRS their angles are those of that system.
 */
export function marksOnPicture(
  marks: readonly Mark[],
  { frame, wcs }: Pick<PictureGeometry, "frame" | "wcs">,
): readonly Mark[] {
  const onPicture = (ra: number, dec: number): readonly [number, number] | undefined => {
    const place = icrsToPixel(wcs, ra, dec);
    return place && tanPixelToSky(frame, place.x, place.y);
  };
  const angleOnPicture = (ra: number, dec: number, angle: number): number | undefined => {
    const from = onPicture(ra, dec);
    const to = onPicture(...offsetAlong([ra, dec], angle, PROBE));
    return from && to && positionAngle(from, to);
  };
  return marks.flatMap((mark): readonly Mark[] => {
    if (mark.kind === "arrow") {
      const middle = pixelToIcrs(wcs, frame.crpix[0] - 1, frame.crpix[1] - 1);
      const angle = middle && angleOnPicture(middle.ra, middle.dec, mark.positionAngle);
      return [angle === undefined ? mark : { ...mark, positionAngle: angle }];
    }
    if (mark.kind === "scalebar" || mark.kind === "compass") return [mark];
    const place = onPicture(mark.lon, mark.lat);
    if (place === undefined) return [];
    const placed = { lon: place[0], lat: place[1] };
    if (mark.kind === "cross" || mark.kind === "circle") return [{ ...mark, ...placed }];
    const angle = angleOnPicture(mark.lon, mark.lat, mark.positionAngle);
    return angle === undefined ? [] : [{ ...mark, ...placed, positionAngle: angle }];
  });
}
