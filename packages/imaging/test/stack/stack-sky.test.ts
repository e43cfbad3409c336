import { describe, expect, it } from "vitest";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import type { Wcs } from "../../../wcs/src/model/wcs.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { framePlaces, planeMap } from "../../src/stack/frame-places.ts";
import { carried, type Motion, type TimedPosition } from "../../src/stack/motion.ts";
import { type Combination, type Stack, stackFrames } from "../../src/stack/stack-frames.ts";
import { stackFixture } from "./stack-fixture.ts";

const SIDE = 41;
const SCALE = 1.86 / 3600;
const FWHM_ARCSEC = 4;
const FLUX = 1000;
const SKY = 250;

interface Source {
  readonly x: number;
  readonly y: number;
}

/** A frame with point sources whose light is integrated over each pixel. */
interface MadeFrame {
  readonly wcs: Wcs;
  readonly scale: number;
  readonly sources: readonly Source[];
  /** Middle of the stack's plane. */
  readonly at: { readonly ra: number; readonly dec: number };
}

/**
 * Abramowitz and Stegun 7.1.26 is good to 1e-7; this is the series, good to 1e-13 where it is used.
 */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function pixels(
  { wcs, scale, sources }: MadeFrame,
  [width, height]: readonly [number, number],
): Float64Array {
  expect(wcs.axes).toEqual([1, 2]);
  const sigma = FWHM_ARCSEC / scale / 2.3548200450309493;
  const share = (pixel: number, centre: number) =>
    (erf((pixel + 0.5 - centre) / (Math.SQRT2 * sigma)) -
      erf((pixel - 0.5 - centre) / (Math.SQRT2 * sigma))) /
    2;
  const data = new Float64Array(width * height).fill(SKY);
  for (const { x, y } of sources) {
    const columns = Float64Array.from({ length: width }, (_, i) => share(i, x));
    const rows = Float64Array.from({ length: height }, (_, i) => share(i, y));
    for (let j = 0; j < height; j++)
      for (let i = 0; i < width; i++) data[j * width + i]! += FLUX * rows[j]! * columns[i]!;
  }
  return data;
}

async function stacked(frames: readonly MadeFrame[], combine: Combination, shift = 0): Promise<Stack> {
  const naxis = [161, 161] as const;
  const images = frames.map((frame) => pixels(frame, naxis));
  return await stackFrames({
    frames: frames.map(({ wcs, at }) => {
      const exact = planeMap({ ...at, scale: SCALE, side: SIDE }, wcs);
      const places = framePlaces((x, y, out) => exact(x + shift, y, out), SIDE);
      return { places, naxis, gain: 1, weight: 1 };
    }),
    side: SIDE,
    combine,
    inverseVariance: false,
    interpolation: "cubic",
    background: "median",
    read: async (frame, { start: [x0, y0], shape: [w, h] }) =>
      Float64Array.from(
        { length: w * h },
        (_, i) => images[frame]![(y0 + Math.floor(i / w)) * 161 + x0 + (i % w)]!,
      ),
  });
}

/** Flux within 6 pixels of a position, and the centroid relative to it. */
function moments({ values }: Stack, cx = 20, cy = 20): { flux: number; off: number; dx: number; dy: number } {
  let [flux, sx, sy] = [0, 0, 0];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (Math.hypot(x - cx, y - cy) > 6) continue;
      const value = values[y * SIDE + x]!;
      flux += value;
      sx += value * (x - cx);
      sy += value * (y - cy);
    }
  }
  return { flux, off: Math.hypot(sx, sy) / flux, dx: sx / flux, dy: sy / flux };
}

const made: readonly (MadeFrame & { readonly name: string })[] = stackFixture.frames.map((entry) => ({
  name: entry.name,
  wcs: wcsFromHeader(headerOf(entry.header)),
  scale: entry.scale,
  sources: [entry],
  at: entry,
}));

describe("flux and place of point sources in stacks, against the truth of made frames placed by astropy", () => {
  it.each(made)(
    "the sources of one frame $name keep their flux to 0.1 % and their position to 0.01 pixels on a stack",
    async (frame) => {
      const { flux, off } = moments(await stacked([frame], "mean"));
      expect(Math.abs(flux / FLUX - 1)).toBeLessThan(1e-3);
      expect(off).toBeLessThan(0.01);
    },
  );

  it.each(["mean", "median", "clipped", "weighted"] as const)(
    "frames turned, mirrored, distorted and of other scales stacked by %s keep flux to 0.1 % and position to 0.01 pixels",
    async (combine) => {
      const { flux, off } = moments(await stacked(made, combine));
      // the flux of a median or a clipped mean differs from that of the mean, because frames sample
      // it differently
      if (combine === "mean" || combine === "weighted") expect(Math.abs(flux / FLUX - 1)).toBeLessThan(1e-3);
      expect(off).toBeLessThan(0.01);
    },
  );

  it("a map that is wrong by half a pixel fails the check of fluxes and positions", async () => {
    expect(moments(await stacked(made, "mean", 0.5)).off).toBeGreaterThan(0.4);
  });
});

describe("a moving object and a star in stacks, against astropy's great circle", () => {
  const { motion } = stackFixture;
  const reference: TimedPosition = { ra: motion.ra, dec: motion.dec, mjd: motion.mjd };
  const truth: Motion = { rate: motion.rate, pa: motion.angle };
  const middle = ({ start, exposure }: (typeof motion.frames)[number]) => start + exposure / 2 / 86_400;
  const frames = (place: (mjd: number) => MadeFrame["at"], time = middle): readonly MadeFrame[] =>
    motion.frames.map((frame) => ({
      wcs: wcsFromHeader(headerOf(frame.header)),
      scale: 1.86,
      sources: [frame, { x: frame.star[0], y: frame.star[1] }],
      at: place(time(frame)),
    }));
  const moving = (of: Motion) => (mjd: number) => carried(reference, of, mjd);
  const spread = async (of: readonly MadeFrame[]): Promise<number> => {
    const offs = await Promise.all(of.map(async (frame) => moments(await stacked([frame], "mean"))));
    // an object that is not at its position has no centroid
    return Math.max(...offs.map(({ off, flux }) => (flux > FLUX / 2 ? off : Number.POSITIVE_INFINITY)));
  };

  it("align=object keeps a moving object in place to 0.02 pixels, in every frame and in the stack", async () => {
    expect(await spread(frames(moving(truth)))).toBeLessThan(0.02);
    const { off, flux } = moments(await stacked(frames(moving(truth)), "mean"));
    expect(off).toBeLessThan(0.02);
    expect(Math.abs(flux / FLUX - 1)).toBeLessThan(2e-3);
  });

  it("align=sky keeps a star in place to 0.02 pixels, and the moving object is gone from a median", async () => {
    const [ra, dec] = motion.star;
    const stars = frames(() => ({ ra, dec }));
    expect(await spread(stars)).toBeLessThan(0.02);
    const stack = await stacked(stars, "median");
    expect(moments(stack).off).toBeLessThan(0.02);
  });

  it.each([
    ["the start of the exposure taken for its middle", frames(moving(truth), ({ start }) => start)],
    [
      "a rate in right ascension without the cosine of the declination",
      frames((mjd) => {
        const hours = (mjd - motion.mjd) * 24;
        const angle = (motion.angle * Math.PI) / 180;
        const east = (motion.rate * Math.sin(angle) * hours) / 3600;
        return { ra: motion.ra + east, dec: motion.dec + (motion.rate * Math.cos(angle) * hours) / 3600 };
      }),
    ],
    ["a position angle from north towards west", frames(moving({ ...truth, pa: -truth.pa }))],
  ])("%s fails the check of a moving object", async (_, wrong) => {
    expect(await spread(wrong)).toBeGreaterThan(0.02);
  });
});
