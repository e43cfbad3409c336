import { icrsToPixel, type Wcs } from "@sbnsis/wcs";
import type { SkyRegion } from "@sbnsis/wcs/internal";
import type { PixelBox } from "./cutout-box.ts";
import { type PixelBlock, quartersOf, RegionBlocks } from "./region-blocks.ts";

/** The smallest box of the pixels found so far. */
class GrowingBox {
  x0 = Number.POSITIVE_INFINITY;
  y0 = Number.POSITIVE_INFINITY;
  x1 = Number.NEGATIVE_INFINITY;
  y1 = Number.NEGATIVE_INFINITY;

  add({ x0, y0, x1, y1 }: PixelBlock): void {
    this.x0 = Math.min(this.x0, x0);
    this.y0 = Math.min(this.y0, y0);
    this.x1 = Math.max(this.x1, x1);
    this.y1 = Math.max(this.y1, y1);
  }

  holds({ x0, y0, x1, y1 }: PixelBlock): boolean {
    return x0 >= this.x0 && x1 <= this.x1 && y0 >= this.y0 && y1 <= this.y1;
  }
}

/**
 * The smallest box with every pixel of an image whose center is in a region of the sky; if there is
 * none, as for a region smaller than a pixel, the pixel that contains a position of the region.
 * Undefined if the image shows nothing of the region.
 *
 * @param wcs with a known relation to ICRS
 * @param naxis width and height of the image, pixels
 */
export function regionBox(
  wcs: Wcs,
  [width, height]: readonly [number, number],
  region: SkyRegion,
): PixelBox | undefined {
  const blocks = new RegionBlocks(wcs, region);
  const found = new GrowingBox();
  // from coarse to fine: pixels found early rule out most blocks
  let level: readonly PixelBlock[] = [{ x0: 0, y0: 0, x1: width - 1, y1: height - 1 }];
  while (level.length > 0) {
    const next: PixelBlock[] = [];
    for (const block of level) {
      if (found.holds(block)) continue;
      const { x0, y0, x1, y1 } = block;
      if (x0 === x1 && y0 === y1) {
        if (blocks.contains(x0, y0)) found.add(block);
        continue;
      }
      const side = blocks.sideOf(block);
      if (side === "inside") found.add(block);
      if (side !== "undecided") continue;
      const [x, y] = [(x0 + x1) >> 1, (y0 + y1) >> 1];
      if (blocks.contains(x, y)) found.add({ x0: x, y0: y, x1: x, y1: y });
      next.push(...quartersOf(block));
    }
    level = next;
  }
  if (found.x0 <= found.x1) {
    return { start: [found.x0, found.y0], shape: [found.x1 - found.x0 + 1, found.y1 - found.y0 + 1] };
  }
  for (const [ra, dec] of region.places) {
    const pixel = icrsToPixel(wcs, ra, dec);
    if (pixel === undefined) continue;
    const [x, y] = [Math.round(pixel.x), Math.round(pixel.y)];
    if (x >= 0 && y >= 0 && x < width && y < height) return { start: [x, y], shape: [1, 1] };
  }
  return undefined;
}
