import { pixelMap, type RowMap } from "@sbnsis/wcs";
import { ownWcs, type TanFrame } from "../src/frame/tan-frame.ts";

/** The map of a picture of a size to its source, both in the same celestial system. */
export function mapBetween(picture: TanFrame, source: TanFrame, size: readonly [number, number]): RowMap {
  return pixelMap(ownWcs(picture), ownWcs(source), size).rows;
}

/** A frame of 5e-4 degrees per pixel, rotated by `angle` radians. */
export function sourceFrame(angle: number, mirror: boolean): TanFrame {
  const cos = Math.cos(angle) * 5e-4;
  const sin = Math.sin(angle) * 5e-4;
  const sign = mirror ? 1 : -1;
  return {
    system: "ICRS",
    equinox: 2000,
    crval: [100, -60],
    crpix: [300, -20],
    cd: [sign * cos, -sin, sign * sin, cos],
  };
}

/** Reproducible noise with peaks. */
export function noise(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const u = state / 2 ** 32;
    return 1000 + 40 * (u + u ** 30 * 50);
  });
}
