import { readFileSync } from "node:fs";
import type { Interpolation } from "../../src/stack/kernel/sample-plain.ts";
import type { Combination } from "../../src/stack/stack-frames.ts";

type Numbers = readonly (number | null)[];

/** A frame on the sky with astropy's positions in it. */
export interface SkyEntry {
  readonly name: string;
  readonly header: Readonly<Record<string, string | number>>;
  /** Arcseconds per pixel. */
  readonly scale: number;
  /** ICRS position of an object and its pixel, counted from 0. */
  readonly ra: number;
  readonly dec: number;
  readonly x: number;
  readonly y: number;
  readonly plane: Readonly<Record<"side" | "scale", number>> &
    Readonly<Record<"column" | "row" | "x" | "y" | "area", readonly number[]>>;
}

interface StackFixture {
  readonly sampling: {
    readonly width: number;
    readonly height: number;
    readonly pixels: readonly number[];
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly values: Readonly<Record<Interpolation, Numbers>>;
  };
  readonly combining: readonly ({
    readonly frames: number;
    readonly cube: Numbers;
    readonly weights: readonly number[];
    readonly n: readonly number[];
    readonly kept: readonly number[];
  } & Readonly<Record<Combination, Numbers>>)[];
  readonly frames: readonly SkyEntry[];
  readonly offsets: readonly {
    readonly ra: number;
    readonly dec: number;
    readonly angle: number;
    readonly distance: number;
    readonly to: readonly [number, number];
  }[];
  /** An object that moves, and a star. */
  readonly motion: {
    readonly ra: number;
    readonly dec: number;
    readonly mjd: number;
    readonly rate: number;
    readonly angle: number;
    readonly star: readonly [number, number];
    readonly frames: readonly {
      readonly header: SkyEntry["header"];
      /** MJD of the start, and seconds. */
      readonly start: number;
      readonly exposure: number;
      readonly x: number;
      readonly y: number;
      readonly star: readonly [number, number];
    }[];
  };
}

/** test/fixtures/imaging/stacks.json, made by astropy, reproject and numpy. */
export const stackFixture: StackFixture = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/imaging/stacks.json", import.meta.url), "utf8"),
);

/** An array with NaN for what the fixture has as null. */
export function floats(values: Numbers): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
