export type { LookupTable } from "./distortions/lookup-table.ts";
export { WcsError, type WcsErrorCode } from "./errors.ts";
export type { FindLookupTable } from "./header/lookup-from-header.ts";
export { hasCelestialWcs, type WcsOptions, wcsFromHeader } from "./header/wcs-from-header.ts";
export type { CelestialSystem, Frame, LinearPart, Wcs, WcsWarning } from "./model/wcs.ts";
export type { ExactMap, GridMap, RowMap } from "./transform/grid-map.ts";
export {
  exactPixelMap,
  type PixelMapOptions,
  pixelAreas,
  pixelMap,
  type RowAreas,
} from "./transform/pixel-map.ts";
export {
  footprint,
  icrsToPixel,
  pixelScales,
  pixelToIcrs,
  pixelToWorld,
  worldToPixel,
} from "./transform/sky.ts";
