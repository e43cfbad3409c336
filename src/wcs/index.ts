export type { FindLookupTable } from "./distortions/lookup-from-header.ts";
export type { LookupTable } from "./distortions/lookup-table.ts";
export { mapRow, type PixelMap, pixelMap } from "./pixel-map.ts";
export { footprint, icrsToPixel, pixelScales, pixelToIcrs, pixelToWorld, worldToPixel } from "./sky.ts";
export type { CelestialSystem, Frame, LinearPart, Wcs, WcsWarning } from "./wcs.ts";
export { hasCelestialWcs, type WcsOptions, wcsFromHeader } from "./wcs-from-header.ts";
