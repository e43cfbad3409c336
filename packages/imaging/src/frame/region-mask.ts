import type { Wcs } from "@sbnsis/wcs";
import type { SkyRegion } from "@sbnsis/wcs/internal";
import type { PixelBox } from "./cutout-box.ts";
import { type PixelBlock, quartersOf, RegionBlocks } from "./region-blocks.ts";

/**
 * Calls `clear` for runs of pixels of a box whose centers are outside a region of the sky: from
 * one index to another one, exclusive, in the order of rows. A single pixel, as for a region that
 * is smaller than one, is never cleared.
 *
 * @param wcs of the whole image, with a known relation to ICRS
 */
export function clearOutside(
  wcs: Wcs,
  { start: [left, bottom], shape: [width, height] }: PixelBox,
  region: SkyRegion,
  clear: (from: number, to: number) => void,
): void {
  if (width === 1 && height === 1) return;
  const blocks = new RegionBlocks(wcs, region);
  const clearBlock = ({ x0, y0, x1, y1 }: PixelBlock): void => {
    for (let y = y0; y <= y1; y += 1) {
      const row = (y - bottom) * width - left;
      clear(row + x0, row + x1 + 1);
    }
  };
  const visit = (block: PixelBlock): void => {
    const { x0, y0, x1, y1 } = block;
    if (x0 === x1 && y0 === y1) {
      if (!blocks.contains(x0, y0)) clearBlock(block);
      return;
    }
    const side = blocks.sideOf(block);
    if (side === "outside") clearBlock(block);
    else if (side === "undecided") quartersOf(block).forEach(visit);
  };
  visit({ x0: left, y0: bottom, x1: left + width - 1, y1: bottom + height - 1 });
}
