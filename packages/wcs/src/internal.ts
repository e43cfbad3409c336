// For the service and the other packages of this repository; not part of the public API.
export { numberOf, recordFields } from "./header/keywords.ts";
export { celestialAxesOffImage, hasPlateSolution } from "./header/wcs-from-header.ts";
export { type TanPlane, tanWcs } from "./model/make-wcs.ts";
export {
  boxAround,
  distanceFromCentre,
  footprintBox,
  footprintCentre,
  SkyCircle,
  type SkyCorners,
  type VectorBox,
} from "./sky/footprint.ts";
export { celestialFrame } from "./sky/frames.ts";
export { betweenPositions, offsetAlong, positionAngle, separation } from "./sky/great-circle.ts";
export { outlineOf, simpleCorners } from "./sky/region/footprint-polygon.ts";
export type { SkyShape } from "./sky/region/sky-region.ts";
export { type SkyRegion, shapeProblem, skyRegion } from "./sky/region/sky-region.ts";
export { DEGREE } from "./sky/rotation.ts";
export { type SkyPoint, skyPoint, type UnitVector, unitVector } from "./sky/vectors.ts";
export { edgePixels, icrsVectorToPixel, pixelToIcrsVector } from "./transform/sky.ts";
