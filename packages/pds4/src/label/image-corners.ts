import { childOf, childrenOf, descendantOf, numberOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** A place on the sky: right ascension 0..360 and declination, J2000, degrees. */
type SkyPoint = readonly [ra: number, dec: number];

/** Corners around the image: top left, top right, bottom right, bottom left. */
export type SkyCorners = readonly [SkyPoint, SkyPoint, SkyPoint, SkyPoint];

const AROUND = ["Top Left", "Top Right", "Bottom Right", "Bottom Left"] as const;

/** Four corners of survey:Image_Corners; undefined unless all four are there and are places on the sky. */
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
