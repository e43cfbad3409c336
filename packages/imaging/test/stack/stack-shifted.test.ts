import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  describeImage,
  memorySource,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "../../../fits/src/index.ts";
import { framePlaces } from "../../src/stack/frame-places.ts";
import { stackFrames } from "../../src/stack/stack-frames.ts";

const SIDE = 61;
/** Pixels by which the copies of a frame are shifted. */
const SHIFTS = [
  [0, 0],
  [3, -2],
  [-7, 5],
  [11, 4],
] as const;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A comet, whose coma is as wide as that of 65P on a frame of ATLAS, on a noisy sky. */
function comet(): Frame {
  const [width, height] = [201, 201];
  let state = 20_261_129;
  const noise = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) {
      state = (state * 48_271) % 2_147_483_647;
      sum += state / 2_147_483_647;
    }
    return 8 * sum;
  };
  const data = Float64Array.from({ length: width * height }, (_, i) => {
    const r2 = ((i % width) - 99.7) ** 2 + (Math.floor(i / width) - 100.4) ** 2;
    return Math.round(700 + noise() + 4000 * (1 + r2 / 12) ** -1.5);
  });
  return { width, height, data };
}

/** The brightest pixel at most 40 pixels from the middle along each axis. */
function brightest({ width, height, data }: Frame): Point {
  let best = { x: (width - 1) >> 1, y: (height - 1) >> 1 };
  for (let y = (height >> 1) - 40; y <= (height >> 1) + 40; y++)
    for (let x = (width >> 1) - 40; x <= (width >> 1) + 40; x++)
      if (data[y * width + x]! > data[best.y * width + best.x]!) best = { x, y };
  return best;
}

/** Iterated centroid with a Gaussian weight of 4 pixels. */
function centroid({ width, data }: Frame, from: Point): Point {
  const sky = data.filter((value) => !Number.isNaN(value)).sort()[data.length >> 1]!;
  let { x, y } = from;
  for (let round = 0; round < 60; round++) {
    let [sum, sx, sy] = [0, 0, 0];
    for (let j = Math.round(y) - 12; j <= Math.round(y) + 12; j++) {
      for (let i = Math.round(x) - 12; i <= Math.round(x) + 12; i++) {
        const weight = Math.exp(-((i - x) ** 2 + (j - y) ** 2) / 32) * (data[j * width + i]! - sky);
        sum += weight;
        sx += weight * (i - x);
        sy += weight * (j - y);
      }
    }
    x += (2 * sx) / sum;
    y += (2 * sy) / sum;
  }
  return { x, y };
}

/**
 * Stacks shifted copies of a frame about one of its positions, which is in the middle of the stack.
 */
async function stackOfCopies(frame: Frame, at: Point, error = 0): Promise<Frame> {
  const naxis = [frame.width, frame.height] as const;
  const stack = await stackFrames({
    frames: SHIFTS.map(([dx, dy], k) => ({
      places: framePlaces((x, y, out) => {
        out[0] = at.x + dx + x - (SIDE - 1) / 2 + (k > 0 ? error : 0);
        out[1] = at.y + dy + y - (SIDE - 1) / 2;
        return true;
      }, SIDE),
      naxis,
      gain: 1,
      weight: 1,
    })),
    side: SIDE,
    combine: "median",
    inverseVariance: false,
    interpolation: "cubic",
    background: "none",
    // pixel (x, y) of the frame is pixel (x + dx, y + dy) of its copy
    read: async (k, { start: [x0, y0], shape: [w, h] }) =>
      Float64Array.from({ length: w * h }, (_, i) => {
        const x = x0 + (i % w) - SHIFTS[k]![0];
        const y = y0 + Math.floor(i / w) - SHIFTS[k]![1];
        const isOn = x >= 0 && y >= 0 && x < frame.width && y < frame.height;
        return isOn ? frame.data[y * frame.width + x]! : Number.NaN;
      }),
  });
  return { width: SIDE, height: SIDE, data: stack.values };
}

async function expectInPlace(frame: Frame): Promise<void> {
  const found = centroid(frame, brightest(frame));
  const middle = { x: (SIDE - 1) / 2, y: (SIDE - 1) / 2 };
  for (const [x, y] of [
    [0, 0],
    [0.3, -0.4],
  ] as const) {
    const stack = await stackOfCopies(frame, { x: found.x - x, y: found.y - y });
    const seen = centroid(stack, middle);
    expect(Math.hypot(seen.x - middle.x - x, seen.y - middle.y - y)).toBeLessThan(0.01);
  }
  const wrong = centroid(await stackOfCopies(frame, found, 0.5), middle);
  expect(Math.hypot(wrong.x - middle.x, wrong.y - middle.y)).toBeGreaterThan(0.1);
}

describe("a frame of a comet and copies of it, shifted by known amounts, stacked (the frame itself)", () => {
  test("a synthetic comet keeps its position to 0.01 pixels, and a shift that is wrong by half a pixel does not", async () => {
    await expectInPlace(comet());
  });

  const real = fileURLToPath(
    new URL("../../../../../shared/data/sbn/65P_atlas_haleakela.fits", import.meta.url),
  );
  test.runIf(existsSync(real))(
    "comet 65P on a real ATLAS frame keeps its position to 0.01 pixels when shifted and stacked (needs ../shared)",
    async () => {
      const source = memorySource(readFileSync(real));
      const { hdus } = await openFits(source);
      const image = (await describeImage(source, hdus[0]!))!;
      const [width, height] = [image.naxis[0]!, image.naxis[1]!];
      const plan = planSection(image, { start: [0, 0], shape: [width, height] });
      const values = physicalValues(image, await readSection(source, plan));
      const data = Float64Array.from({ length: width * height }, (_, i) => Number(values[i]));
      await expectInPlace({ width, height, data });
    },
  );
});
