import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Card, headerFromCards, imageHdu, realCard, valueCard } from "@sbnsis/fits";
import { carried, type TimedPosition } from "@sbnsis/imaging";
import { icrsToPixel, wcsFromHeader } from "@sbnsis/wcs";
import type { ImageRecord } from "../../../src/catalog/catalog.ts";
import type { StackRow } from "../../../src/products/stack/stack-request.ts";
import { RECORD } from "../test-service.ts";
import { gnomonicCards } from "./made-fits.ts";
import { seeded } from "./sky-frames.ts";

/** Frames of a moving object between stars, made for a test. */
export interface MovingFrames {
  readonly records: readonly ImageRecord[];
  readonly rows: readonly StackRow[];
  /** The object at MJD `mjd`; it moves along a great circle. */
  readonly object: TimedPosition;
  readonly motion: { readonly rate: number; readonly pa: number };
  /** ICRS position of a star. */
  readonly star: { readonly ra: number; readonly dec: number };
  /** Flux of the object in a frame, and the noise of its pixels. */
  readonly flux: number;
  readonly noise: number;
}

const WIDTH = 181;
const HEIGHT = 173;
const SIGMA = 0.9;

/**
 * Writes frames of 30 s, ten minutes apart, into a folder: rotated by about 180 degrees like those
 * of ATLAS, each with its own pointing, sky and zero point.
 */
export function movingFrames(folder: string, count: number, seed = 5): MovingFrames {
  mkdirSync(folder, { recursive: true });
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const object: TimedPosition = { ra: 150.02, dec: 20.01, mjd: 60_000.3 };
  const motion = { rate: 40, pa: 110 };
  const star = { ra: 150.03, dec: 20.0 };
  const [flux, noise] = [1500, 10];
  const frames = Array.from({ length: count }, (_, k) => {
    const mid = 60_000.25 + (k * 10) / 1440;
    const place = carried(object, motion, mid);
    const turn = Math.PI + (random() - 0.5) * 0.05;
    const scale = 1.86 / 3600;
    const sky: readonly Card[] = [
      ...gnomonicCards(
        [150.02 + (random() - 0.5) * 0.01, 20.01 + (random() - 0.5) * 0.01],
        [90.3, 85.6],
        [-scale * Math.cos(turn), scale * Math.sin(turn), scale * Math.sin(turn), scale * Math.cos(turn)],
      ),
      valueCard("RADESYS", "ICRS"),
      realCard("MAGZPT", 22 + 0.1 * (k % 3)),
    ];
    const wcs = wcsFromHeader(headerFromCards(sky));
    const level = 1000 + 50 * k;
    const pixels = Float32Array.from({ length: WIDTH * HEIGHT }, () => level + noise * normal());
    // a unit of a frame with a larger zero point is a smaller flux
    const gain = 10 ** (0.04 * (k % 3));
    for (const [{ ra, dec }, light] of [
      [place, flux],
      [star, 20_000],
      [{ ra: 150.0, dec: 20.02 }, 8000],
    ] as const) {
      const { x, y } = icrsToPixel(wcs, ra, dec)!;
      for (let j = Math.ceil(y - 8); j < y + 8; j++) {
        for (let i = Math.ceil(x - 8); i < x + 8; i++) {
          if (i < 0 || j < 0 || i >= WIDTH || j >= HEIGHT) continue;
          const share =
            Math.exp(-((i - x) ** 2 + (j - y) ** 2) / (2 * SIGMA ** 2)) / (2 * Math.PI * SIGMA ** 2);
          pixels[j * WIDTH + i]! += gain * light * share;
        }
      }
    }
    const name = `made${k}.fits`;
    writeFileSync(join(folder, name), imageHdu({ naxis: [WIDTH, HEIGHT], pixels, cards: sky }));
    const obsId = `urn:nasa:pds:made.survey:data:${name}`;
    const record: ImageRecord = {
      ...RECORD,
      obsId,
      imageUrl: pathToFileURL(join(folder, name)).href,
      labelUrl: null,
    };
    const row: StackRow = {
      id: obsId,
      ra: place.ra,
      dec: place.dec,
      mjd: mid,
      mid,
      motion,
      exposure: 30,
      filter: "o",
      uncertainty: { a: 6, b: 2, pa: 110, sigma: 3 },
    };
    return { record, row };
  });
  return {
    records: frames.map(({ record }) => record),
    rows: frames.map(({ row }) => row),
    ...{ object, motion, star, flux, noise },
  };
}
