import type { Wcs } from "@sbnsis/wcs";
import { pixelToIcrsVector, type SkyRegion } from "@sbnsis/wcs/internal";
import type { PixelBox } from "./cutout-box.ts";

/** A block of pixels: first and last ones, from 0. */
export interface PixelBlock {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Blocks with a larger radius than this, radians, are always split: within smaller ones a
 * projection is nearly linear, so that the farthest pixel from the middle is a corner.
 */
const LARGEST = 0.15;
/** Allowance for distortions within a block. */
const SLACK = 1.1;

/** Decides whether blocks of an image are inside or outside a region of the sky. */
export class RegionBlocks {
  readonly #wcs: Wcs;
  readonly #region: SkyRegion;
  readonly #out = new Float64Array(3);

  constructor(wcs: Wcs, region: SkyRegion) {
    this.#wcs = wcs;
    this.#region = region;
  }

  /** Whether the center of a pixel is in the region. */
  contains(x: number, y: number): boolean {
    const out = this.#out;
    return pixelToIcrsVector(this.#wcs, x, y, out) && this.#region.contains([out[0]!, out[1]!, out[2]!]);
  }

  /** Whether the centers of all pixels of a block are outside or inside; undecided otherwise. */
  sideOf({ x0, y0, x1, y1 }: PixelBlock): "outside" | "inside" | "undecided" {
    const out = this.#out;
    if (!pixelToIcrsVector(this.#wcs, (x0 + x1) / 2, (y0 + y1) / 2, out)) return "undecided";
    const [x, y, z] = [out[0]!, out[1]!, out[2]!];
    let chord = 0;
    for (let i = 0; i < 4; i += 1) {
      if (!pixelToIcrsVector(this.#wcs, i & 1 ? x1 : x0, i & 2 ? y1 : y0, out)) return "undecided";
      chord = Math.max(chord, (out[0]! - x) ** 2 + (out[1]! - y) ** 2 + (out[2]! - z) ** 2);
    }
    const radius = SLACK * Math.sqrt(chord) + 1e-13;
    if (radius > LARGEST) return "undecided";
    const distance = this.#region.distance([x, y, z]);
    return distance > radius ? "outside" : distance < -radius ? "inside" : "undecided";
  }
}

/**
 * The quarters of a block with more than one pixel: two of them if it is one pixel wide or high.
 */
export function quartersOf({ x0, y0, x1, y1 }: PixelBlock): readonly PixelBlock[] {
  const x = (x0 + x1) >> 1;
  const y = (y0 + y1) >> 1;
  const columns =
    x0 === x1
      ? [[x0, x1]]
      : [
          [x0, x],
          [x + 1, x1],
        ];
  const rows =
    y0 === y1
      ? [[y0, y1]]
      : [
          [y0, y],
          [y + 1, y1],
        ];
  return rows.flatMap(([first, last]) =>
    columns.map(([left, right]) => ({ x0: left!, y0: first!, x1: right!, y1: last! })),
  );
}

/**
 * Calls `clear` for runs of pixels of a box whose centers are outside a region of the sky: the
 * first index and the index after the last, in row order. A box of a single pixel, as for a region
 * smaller than a pixel, is never cleared.
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
