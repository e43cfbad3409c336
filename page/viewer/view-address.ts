import {
  COLORMAPS,
  type ColormapName,
  type Display,
  type Levels,
  PLAIN_DISPLAY,
  STRETCHES,
  type StretchName,
} from "../drawing/display.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { decimalOf, decimalsOf } from "../ui/written-numbers.ts";

type Read = (name: string) => string | undefined;

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/**
 * A position in an address: `174.62,17.97`. Errors: a RangeError that names what cannot be read.
 * @param name of the parameter
 */
export function placeOf(name: string, text: string | undefined): SkyPlace | undefined {
  if (text === undefined || text === "") return undefined;
  const [ra, dec] = decimalsOf(text, 2) ?? [];
  if (ra === undefined || dec === undefined || Math.abs(dec) > 90)
    throw new RangeError(`${name}=${text} is not a position: expected ${name}=RA,DEC in degrees`);
  return { ra, dec };
}

/** A boolean in an address. Errors: a RangeError for anything but true and false. */
export function flagOf(name: string, text: string | undefined): boolean {
  if (text !== undefined && text !== "true" && text !== "false")
    throw new RangeError(`${name}=${text} is neither true nor false`);
  return text === "true";
}

export function placeText({ ra, dec }: SkyPlace): string {
  return `${short(ra, 5)},${short(dec, 5)}`;
}

/** A number in an address. Errors: a RangeError that names it. */
export function numberOfAddress(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = decimalOf(text);
  if (!Number.isFinite(value)) throw new RangeError(`${name}=${text} is not a number`);
  return value;
}

/** The display settings in an address: those that differ from the defaults. */
export function displayChanges({
  stretch,
  colormap,
  isInverted,
  bias,
  contrast,
}: Display): Readonly<Record<string, string | undefined>> {
  return {
    stretch: stretch === PLAIN_DISPLAY.stretch ? undefined : stretch,
    cmap: colormap === PLAIN_DISPLAY.colormap ? undefined : colormap,
    invert: isInverted ? "true" : undefined,
    bar: bias === 0.5 && contrast === 1 ? undefined : `${short(bias, 3)},${short(contrast, 3)}`,
  };
}

/**
 * Reads the display settings from an address. Errors: a RangeError that names what cannot be read.
 */
export function displayOf(read: Read): Display {
  const stretch = read("stretch") ?? PLAIN_DISPLAY.stretch;
  const colormap = read("cmap") ?? PLAIN_DISPLAY.colormap;
  if (!(STRETCHES as readonly string[]).includes(stretch)) {
    throw new RangeError(`stretch=${stretch} is not one of ${STRETCHES.join(", ")}`);
  }
  if (!(COLORMAPS as readonly string[]).includes(colormap)) {
    throw new RangeError(`cmap=${colormap} is not one of ${COLORMAPS.join(", ")}`);
  }
  const bar = read("bar");
  const [bias = 0.5, contrast = 1] = (bar === undefined ? [] : decimalsOf(bar, 2)) ?? [Number.NaN];
  if (!(Number.isFinite(bias) && contrast > 0)) throw new RangeError(`bar=${bar} is not bias,contrast`);
  return {
    stretch: stretch as StretchName,
    colormap: colormap as ColormapName,
    isInverted: flagOf("invert", read("invert")),
    ...{ bias, contrast },
  };
}

export function levelsText({ low, high }: Levels): string {
  return `${Number(low.toPrecision(7))},${Number(high.toPrecision(7))}`;
}

/** Black and white levels in an address: two numbers. Undefined for anything else. */
export function levelsOf(text: string): Levels | undefined {
  const [low, high] = decimalsOf(text, 2) ?? [];
  return low === undefined || high === undefined ? undefined : { low, high };
}
