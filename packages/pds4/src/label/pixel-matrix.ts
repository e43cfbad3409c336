import { childOf, childrenOf, descendantOf, numberOf, type XmlElement } from "../xml/xml-element.ts";

/** Degrees of one unit of a matrix element; an element without unit is in degrees per pixel, as the dictionary has it. */
function degreesPer(unit: string | undefined): number {
  if (unit === undefined) return 1;
  if (/^arcsec/i.test(unit)) return 1 / 3600;
  if (/^arcmin/i.test(unit)) return 1 / 60;
  if (/^mas/i.test(unit)) return 1 / 3_600_000;
  if (/^rad/i.test(unit)) return 180 / Math.PI;
  return 1;
}

/**
 * Degrees per pixel, sqrt(|m11 m22| + |m12 m21|), of ebt:Coordinate_Frame_Transformation_Matrix, whatever the order of its elements.
 * Elements left out are 0, as those of a FITS CD matrix are. Undefined without a matrix or with one that gives no scale.
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
