import type { PixelBox } from "../frame/cutout-box.ts";
import type { PixelArray } from "../render/pixel-array.ts";
import { measureSky } from "./background.ts";
import { type FramePlaces, placeRow } from "./frame-places.ts";
import type { Interpolation } from "./kernel/sample-plain.ts";
import { stackMachine } from "./kernel/stack-machine.ts";

/** The grey levels of a frame in an animation range from sky - 2.2 sigma to sky + 28 sigma. */
const BELOW = 2.2;
const ABOVE = 28;

/** A frame of an animation. */
export interface BlinkInput {
  readonly places: FramePlaces;
  /** Physical values of the box, NaN where there is none. */
  readonly pixels: PixelArray;
  readonly box: PixelBox;
  readonly interpolation: Interpolation;
}

/**
 * One picture of an animation: the frame on the plane of the animation in grey levels 1 to 255, at
 * which all frames have the same sky and noise, the top row first; 0 where there is no value.
 */
export function blinkLevels({ places, pixels, box, interpolation }: BlinkInput): Uint8Array {
  const { side } = places;
  const [width, height] = box.shape;
  const machine = stackMachine(2 * pixels.length + 4 * side + 18, 1);
  const data = machine.floats(pixels.length);
  data.set(pixels);
  const frame = { data, width, height };
  const { median, sigma } = measureSky(machine, frame, "median", machine.floats(pixels.length));
  const low = median - BELOW * sigma;
  // a frame without noise is all sky, so any scale will do
  const scale = sigma > 0 ? 255 / ((BELOW + ABOVE) * sigma) : 1;
  const row = { xs: machine.floats(side), ys: machine.floats(side), areas: machine.floats(side) };
  const line = machine.floats(side);
  const work = machine.floats(18);
  const sampling = { kind: interpolation, background: [low, 0, 0], gain: scale } as const;
  const levels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    placeRow(machine, places, y, box.start, row, work);
    row.areas.fill(1);
    machine.sampleRow(frame, row, side, sampling, line);
    const at = (side - 1 - y) * side;
    for (let x = 0; x < side; x++) {
      const level = line[x]!;
      if (!Number.isNaN(level)) levels[at + x] = Math.max(1, Math.min(255, Math.floor(level)));
    }
  }
  return levels;
}
