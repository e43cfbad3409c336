import { offsetAlong } from "@sbnsis/wcs/internal";
import type { PixelPoint } from "../frame/cutout-box.ts";
import { type TanFrame, tanSkyToPixel } from "../frame/tan-frame.ts";

/** An ellipse on the sky: center, semi-axes and the position angle of the first one. */
export interface SkyEllipse {
  /** Longitude and latitude in the system of the frame, degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly semiAxesArcsec: readonly [number, number];
  /** Degrees from north through east. */
  readonly positionAngle: number;
}

/** Part of a great circle: its middle, length and position angle. */
export interface SkyTrail {
  /** Longitude and latitude in the system of the frame, degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly lengthArcsec: number;
  /** Degrees from north through east. */
  readonly positionAngle: number;
}

/** Number of corners of a small outline, and of one far larger than any picture. */
const FEWEST_CORNERS = 16;
const MAX_CORNERS = 4096;

/** Side of a square with the area of a pixel, degrees. */
export function pixelSize({ cd: [cd11, cd12, cd21, cd22] }: TanFrame): number {
  return Math.sqrt(Math.abs(cd11 * cd22 - cd12 * cd21));
}

/**
 * Corners of a closed polygon that follows an ellipse on the sky within a twentieth of a pixel (up
 * to an axis of about 170,000 pixels): pixels from 0 at the lower left; undefined for a corner
 * outside the plane of the picture. The semi-axes are measured along great circles.
 */
export function ellipseOutline(
  frame: TanFrame,
  { lon, lat, semiAxesArcsec: [a, b], positionAngle }: SkyEllipse,
): readonly (PixelPoint | undefined)[] {
  const pixels = Math.max(a, b) / 3600 / pixelSize(frame);
  const corners = Math.min(MAX_CORNERS, Math.max(FEWEST_CORNERS, Math.ceil(10 * Math.sqrt(pixels))));
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const along = (a / 3600) * Math.cos(angle);
    const across = (b / 3600) * Math.sin(angle);
    const direction = positionAngle + (Math.atan2(across, along) * 180) / Math.PI;
    const place = offsetAlong([lon, lat], direction, Math.hypot(along, across));
    return tanSkyToPixel(frame, place[0], place[1]);
  });
}

/** As ellipseOutline, for a circle. */
export function circleOutline(
  frame: TanFrame,
  { lon, lat, radiusArcsec }: { readonly lon: number; readonly lat: number; readonly radiusArcsec: number },
): readonly (PixelPoint | undefined)[] {
  return ellipseOutline(frame, { lon, lat, semiAxesArcsec: [radiusArcsec, radiusArcsec], positionAngle: 0 });
}

/** Number of sides of the polygon that rounds each end of a trail. */
const END_SIDES = 24;

/**
 * Corners of a capsule of `radius` pixels around a trail, pixels from 0 at the lower left; empty if
 * an end is not on the plane of the picture. A great circle is a straight line on that plane.
 */
export function trailOutline(
  frame: TanFrame,
  { lon, lat, lengthArcsec, positionAngle }: SkyTrail,
  radius: number,
): readonly PixelPoint[] {
  const [start, end] = [-0.5, 0.5].map((part) => {
    const place = offsetAlong([lon, lat], positionAngle, (part * lengthArcsec) / 3600);
    return tanSkyToPixel(frame, place[0], place[1]);
  });
  if (start === undefined || end === undefined) return [];
  const direction = Math.atan2(end.y - start.y, end.x - start.x);
  return [[start, direction + Math.PI / 2] as const, [end, direction - Math.PI / 2] as const].flatMap(
    ([middle, from]) =>
      Array.from({ length: END_SIDES + 1 }, (_, side) => {
        const angle = from + (Math.PI * side) / END_SIDES;
        return { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) };
      }),
  );
}
