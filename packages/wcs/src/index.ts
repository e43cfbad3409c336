export type { LookupTable } from "./distortions/lookup-table.ts";
export { WcsError, type WcsErrorCode } from "./errors.ts";
export type { FindLookupTable } from "./header/lookup-from-header.ts";
export { hasCelestialWcs, type WcsOptions, wcsFromHeader } from "./header/wcs-from-header.ts";
export type { CelestialSystem, Frame, LinearPart, Wcs, WcsWarning } from "./model/wcs.ts";
export { mapRow, type PixelMap, pixelMap } from "./transform/pixel-map.ts";
export {
  footprint,
  icrsToPixel,
  pixelScales,
  pixelToIcrs,
  pixelToWorld,
  worldToPixel,
} from "./transform/sky.ts";
