import { childOf, childrenOf, descendantOf, numberOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** A place on the sky: right ascension 0..360 and declination, J2000, degrees. */
type SkyPoint = readonly [ra: number, dec: number];

/** Corners around the image: top left, top right, bottom right, bottom left. */
export type SkyCorners = readonly [SkyPoint, SkyPoint, SkyPoint, SkyPoint];

const AROUND = ["Top Left", "Top Right", "Bottom Right", "Bottom Left"] as const;

/**
 * The four corners in survey:Image_Corners; undefined unless all four are present and valid sky
 * positions.
 */
export function imageCornersOf(area: XmlElement | undefined): SkyCorners | undefined {
  const corners = descendantOf(area, "Image_Corners");
  const found = new Map<string, SkyPoint>();
  for (const position of childrenOf(corners, "Corner_Position")) {
    const name = textOf(childOf(position, "corner_identification"));
    const place = childOf(position, "Coordinate");
    const ra = numberOf(childOf(place, "right_ascension"));
    const dec = numberOf(childOf(place, "declination"));
    if (name === undefined || ra === undefined || dec === undefined) continue;
    if (Math.abs(ra) > 720 || Math.abs(dec) > 90) continue;
    found.set(name, [ra >= 0 && ra < 360 ? ra : ((ra % 360) + 360) % 360, dec]);
  }
  const [a, b, c, d] = AROUND.map((name) => found.get(name));
  return a && b && c && d ? [a, b, c, d] : undefined;
}

/** Degrees in one unit of a matrix element; the dictionary's default is degrees per pixel. */
function degreesPer(unit: string | undefined): number {
  if (unit === undefined) return 1;
  if (/^arcsec/i.test(unit)) return 1 / 3600;
  if (/^arcmin/i.test(unit)) return 1 / 60;
  if (/^mas/i.test(unit)) return 1 / 3_600_000;
  if (/^rad/i.test(unit)) return 180 / Math.PI;
  return 1;
}

/**
 * Degrees per pixel, sqrt(|m11 m22| + |m12 m21|), from ebt:Coordinate_Frame_Transformation_Matrix,
 * whatever the order of its elements.
 * Omitted elements are 0, as in a FITS CD matrix. Undefined without a matrix or when it gives no
 * scale.
 */
export function pixelScaleOf(area: XmlElement | undefined): number | undefined {
  const matrix = descendantOf(area, "Coordinate_Frame_Transformation_Matrix");
  const m = [0, 0, 0, 0];
  for (const element of childrenOf(matrix, "Transformation_Element")) {
    const world = numberOf(childOf(element, "world_axis_index"));
    const pixel = numberOf(childOf(element, "pixel_axis_index"));
    const valueElement = childOf(element, "element_value");
    const value = numberOf(valueElement);
    if ((world !== 1 && world !== 2) || (pixel !== 1 && pixel !== 2) || value === undefined) continue;
    m[2 * (world - 1) + pixel - 1] = value * degreesPer(valueElement?.attributes.unit);
  }
  const scale = Math.sqrt(Math.abs(m[0]! * m[3]!) + Math.abs(m[1]! * m[2]!));
  return Number.isFinite(scale) && scale > 0 ? scale : undefined;
}
