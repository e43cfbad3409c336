import { pixelMap, type RowMap } from "@sbnsis/wcs";
import { ownWcs, type TanFrame } from "../src/frame/tan-frame.ts";

/** The map of a picture of a size to its source, both in the same celestial system. */
export function mapBetween(picture: TanFrame, source: TanFrame, size: readonly [number, number]): RowMap {
  return pixelMap(ownWcs(picture), ownWcs(source), size).rows;
}
