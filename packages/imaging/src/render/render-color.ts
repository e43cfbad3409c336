import { exactPixelMap, pixelMap, pixelScales, type Wcs } from "@sbnsis/wcs";
import { celestialFrame, edgePixels, tanWcs } from "@sbnsis/wcs/internal";
import { luptonColors } from "../color/lupton.ts";
import type { PixelBox } from "../frame/cutout-box.ts";
import type { TanFrame } from "../frame/tan-frame.ts";
import { findLevels } from "../interval/cuts.ts";
import { zscale } from "../interval/zscale.ts";
import { type Interpolation, resampleRows } from "../resample/resample.ts";
import { stretchedLevels } from "../stretch/stretch.ts";
import type { Picture } from "./picture.ts";
import type { PictureOptions } from "./picture-options.ts";
import type { PixelArray } from "./pixel-array.ts";

/** The plane on which images are combined: north up, east to the left, ICRS. */
export interface ColorPlane {
  readonly frame: TanFrame;
  /** Width and height, pixels. */
  readonly shape: readonly [number, number];
}

/** A part of an image, in one of the colors. */
export interface ColorChannel {
  /** Physical values of the box, row 0 of the FITS first. */
  readonly data: PixelArray;
  readonly box: PixelBox;
  /** Coordinate system of the whole image. */
  readonly wcs: Wcs;
}

/** How values become colors. */
export type ColorStretch =
  | {
      readonly kind: "lupton";
      /** Defaults to 8. */
      readonly q?: number;
      /** Defaults to the zscale range of the mean of the channels above their minima. */
      readonly stretch?: number;
      /** Value that maps to black, for each channel; defaults to the lower zscale limits. */
      readonly minimum?: readonly [number, number, number];
    }
  /** Stretches each channel by itself, like a grey picture. */
  | { readonly kind: "channels"; readonly options: PictureOptions };

/** Red, green and blue; without green, it is the mean of the others. */
export type ColorChannels = readonly [ColorChannel, ColorChannel | undefined, ColorChannel];

/**
 * The plane around an ICRS position (degrees), tangent to the sky there.
 * @param side length of its sides, degrees
 * @param scale degrees per pixel
 */
export function colorPlane(
  [ra, dec]: readonly [number, number],
  side: readonly [number, number],
  scale: number,
): ColorPlane {
  const shape = [Math.max(1, Math.round(side[0] / scale)), Math.max(1, Math.round(side[1] / scale))] as const;
  const frame: TanFrame = {
    system: "ICRS",
    equinox: 2000,
    crval: [ra, dec],
    crpix: [(shape[0] + 1) / 2, (shape[1] + 1) / 2],
    cd: [-scale, 0, 0, scale],
  };
  return { frame, shape };
}

/** The finest scale of some images: degrees per pixel. */
export function finestScale(systems: readonly Wcs[]): number {
  return Math.min(...systems.map((wcs) => Math.min(...pixelScales(wcs))));
}

/** Pixels around the box that interpolation needs. */
const MARGIN = 2;
/** Number of steps along each side of the plane at which its position in an image is computed. */
const EDGE_STEPS = 32;

/**
 * The part of an image that the plane shows, with a margin for interpolation; undefined if they do
 * not overlap. Its extent is found along the sides of the plane.
 */
export function boxOnPlane(
  { frame, shape }: ColorPlane,
  wcs: Wcs,
  naxis: readonly [number, number],
): PixelBox | undefined {
  const exact = exactPixelMap(tanWcs(frame, celestialFrame("ICRS")), wcs);
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  const at = new Float64Array(2);
  for (const [x, y] of edgePixels(shape, EDGE_STEPS)) {
    exact(x, y, at);
    for (const axis of [0, 1] as const) {
      if (Number.isNaN(at[axis])) continue;
      least[axis] = Math.min(least[axis]!, at[axis]!);
      most[axis] = Math.max(most[axis]!, at[axis]!);
    }
  }
  const start = least.map((value) => Math.max(0, Math.floor(value) - MARGIN));
  const end = most.map((value, axis) => Math.min(naxis[axis]!, Math.ceil(value) + MARGIN + 1));
  if (!(end[0]! > start[0]! && end[1]! > start[1]!)) return undefined;
  return { start: [start[0]!, start[1]!], shape: [end[0]! - start[0]!, end[1]! - start[1]!] };
}

/**
 * A color picture: the images resampled to the plane (as reproject_interp does), then combined.
 * Pixels without a value in any image are black.
 */
export function renderColor(
  { frame, shape }: ColorPlane,
  channels: ColorChannels,
  stretch: ColorStretch,
  interpolation: Interpolation,
  checkpoint: () => void,
): Picture {
  const target = tanWcs(frame, celestialFrame("ICRS"));
  const [width, height] = shape;
  const onPlane = ({ data, box, wcs }: ColorChannel): Float64Array => {
    const { rows } = pixelMap(target, wcs, shape, { origin: box.start, checkpoint });
    const values = new Float64Array(width * height);
    const source = { data, width: box.shape[0], height: box.shape[1], firstRow: 0, rows: box.shape[1] };
    resampleRows(rows, source, interpolation, { width, y0: 0, y1: height }, values);
    return values;
  };
  const red = onPlane(channels[0]);
  const blue = onPlane(channels[2]);
  const green =
    channels[1] === undefined ? red.map((value, i) => (value + blue[i]!) / 2) : onPlane(channels[1]);
  checkpoint();
  const values = [red, green, blue] as const;
  const colors = stretch.kind === "lupton" ? lupton(values, stretch) : separate(values, stretch.options);
  return { width, height, channels: 3, pixels: topFirst(colors, width * 3, height), frame };
}

type Values = readonly [Float64Array, Float64Array, Float64Array];

function lupton(
  values: Values,
  { q = 8, stretch, minimum }: Extract<ColorStretch, { readonly kind: "lupton" }>,
): Uint8Array {
  const least = (each: Float64Array) => zscale(each, "float64")?.vmin ?? 0;
  const [r0, g0, b0] = minimum ?? [least(values[0]), least(values[1]), least(values[2])];
  const [red, green, blue] = values;
  const intensity = () =>
    zscale(
      red.map((r, i) => (r - r0 + (green[i]! - g0) + (blue[i]! - b0)) / 3),
      "float64",
    );
  const found = stretch === undefined ? intensity() : undefined;
  const used = stretch ?? (found === undefined ? 1 : found.vmax - found.vmin);
  return luptonColors(values, { minimum: [r0, g0, b0], q, stretch: used > 0 ? used : 1 });
}

function separate([red, green, blue]: Values, options: PictureOptions): Uint8Array {
  const out = new Uint8Array(3 * red.length);
  const line = new Uint8Array(red.length);
  for (const [channel, values] of [red, green, blue].entries()) {
    const levels = findLevels(values, options);
    if (levels === undefined) continue;
    stretchedLevels(values, levels, options, line);
    for (let i = 0; i < line.length; i++) out[3 * i + channel] = line[i]!;
  }
  for (let i = 0; i < red.length; i++)
    if (Number.isNaN(red[i]! + green[i]! + blue[i]!)) out.fill(0, 3 * i, 3 * i + 3);
  return out;
}

function topFirst(rows: Uint8Array, rowLength: number, height: number): Uint8Array {
  const out = new Uint8Array(rows.length);
  for (let row = 0; row < height; row++)
    out.set(rows.subarray(row * rowLength, (row + 1) * rowLength), (height - 1 - row) * rowLength);
  return out;
}
