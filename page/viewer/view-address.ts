import type { Changes } from "../app/address.ts";
import {
  type ColormapName,
  type Display,
  type Levels,
  PLAIN_DISPLAY,
  STRETCHES,
  type StretchName,
} from "../drawing/display.ts";
import type { SkyPlace } from "../drawing/tangent-plane.ts";
import { COLORS } from "./brightness-panel.tsx";

type Read = (name: string) => string | undefined;

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** A place in an address: `174.62,17.97`. Errors: a RangeError that names what cannot be read. */
export function placeOf(text: string | undefined): SkyPlace | undefined {
  if (text === undefined || text === "") return undefined;
  const [ra, dec, ...rest] = text.split(",").map(Number);
  const isPlace = rest.length === 0 && ra !== undefined && dec !== undefined && Math.abs(dec) <= 90;
  if (!isPlace || !Number.isFinite(ra))
    throw new RangeError(`at=${text} is not a place: at=RA,DEC in degrees`);
  return { ra, dec };
}

export function placeText({ ra, dec }: SkyPlace): string {
  return `${short(ra, 5)},${short(dec, 5)}`;
}

/** A number in an address. Errors: a RangeError that names it. */
export function numberOfAddress(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError(`${name}=${text} is not a number`);
  return value;
}

/** The display in an address: those of its parameters that differ from the defaults. */
export function displayChanges({ stretch, colormap, isInverted, bias, contrast }: Display): Changes {
  return {
    stretch: stretch === PLAIN_DISPLAY.stretch ? undefined : stretch,
    cmap: colormap === PLAIN_DISPLAY.colormap ? undefined : colormap,
    invert: isInverted ? "true" : undefined,
    bar: bias === 0.5 && contrast === 1 ? undefined : `${short(bias, 3)},${short(contrast, 3)}`,
  };
}

/** The display of an address. Errors: a RangeError that names what cannot be read. */
export function displayOf(read: Read): Display {
  const stretch = read("stretch") ?? PLAIN_DISPLAY.stretch;
  const colormap = read("cmap") ?? PLAIN_DISPLAY.colormap;
  if (!(STRETCHES as readonly string[]).includes(stretch)) {
    throw new RangeError(`stretch=${stretch} is not one of ${STRETCHES.join(", ")}`);
  }
  if (!(COLORS as readonly string[]).includes(colormap)) {
    throw new RangeError(`cmap=${colormap} is not one of ${COLORS.join(", ")}`);
  }
  const [bias = 0.5, contrast = 1] = (read("bar") ?? "").split(",").filter(Boolean).map(Number);
  if (!(Number.isFinite(bias) && contrast > 0))
    throw new RangeError(`bar=${read("bar")} is not bias,contrast`);
  return {
    stretch: stretch as StretchName,
    colormap: colormap as ColormapName,
    isInverted: read("invert") === "true",
    ...{ bias, contrast },
  };
}

export function levelsText({ low, high }: Levels): string {
  return `${Number(low.toPrecision(7))},${Number(high.toPrecision(7))}`;
}

/** Black and white of an address: two numbers. Undefined for a name, and without the parameter. */
export function levelsOf(text: string | undefined): Levels | undefined {
  const [low, high] = (text ?? "").split(",").map((part) => (part === "" ? Number.NaN : Number(part)));
  return Number.isFinite(low) && Number.isFinite(high) ? { low: low!, high: high! } : undefined;
}
