import { STRETCH_FUNCTIONS } from "@sbnsis/imaging";

/** The stretches that the shader supports, with their names in /images. */
export const STRETCHES = ["linear", "sqrt", "log", "asinh"] as const;
export type StretchName = (typeof STRETCHES)[number];

/** Color maps, with their names in /images. */
export const COLORMAPS = [
  "gray", "viridis", "magma", "inferno", "cividis", "plasma", "heat", "cool",
] as const; // biome-ignore format: a list of names
export type ColormapName = (typeof COLORMAPS)[number];

/** Physical values drawn black and white. */
export interface Levels {
  readonly low: number;
  readonly high: number;
}

/** How values become colors: all that the graphics card needs besides the pixels. */
export interface Display {
  readonly stretch: StretchName;
  readonly colormap: ColormapName;
  readonly isInverted: boolean;
  /** As in DS9: the position on the color bar that becomes its middle; 0.5 for no change. */
  readonly bias: number;
  /** As in DS9: the slope of the color bar; 1 for no change. */
  readonly contrast: number;
}

export const PLAIN_DISPLAY: Display = {
  stretch: "asinh",
  colormap: "gray",
  isInverted: false,
  bias: 0.5,
  contrast: 1,
};

/** The parameter of each stretch, as in /images. */
export const STRETCH_PARAMETERS: Readonly<Record<StretchName, number>> = {
  linear: 1,
  sqrt: 1,
  log: parameterOf("log"),
  asinh: parameterOf("asinh"),
};

function parameterOf(name: StretchName): number {
  return STRETCH_FUNCTIONS.find((each) => each.name === name)?.parameter ?? 1;
}

/** Levels relative to the sky of a frame, so that the same brightness looks alike in all frames. */
export function matchedLevels({ sky, sigma }: { readonly sky: number; readonly sigma: number }): Levels {
  return { low: sky - 2.2 * sigma, high: sky + 28 * sigma };
}

/** Levels of a difference that show both dark and bright residuals. */
export function differenceLevels({ sky, sigma }: { readonly sky: number; readonly sigma: number }): Levels {
  return { low: sky - 5 * sigma, high: sky + 12 * sigma };
}

/**
 * The display after a drag by (dx, dy) CSS pixels across a view of `width` x `height`: bias
 * to the right, contrast downwards, as in DS9.
 */
export function dragged(
  display: Display,
  dx: number,
  dy: number,
  { width, height }: { readonly width: number; readonly height: number },
): Display {
  const bias = display.bias + dx / width;
  const contrast = display.contrast * Math.exp((3 * dy) / height);
  return {
    ...display,
    bias: Math.min(1.5, Math.max(-0.5, bias)),
    contrast: Math.min(20, Math.max(0.05, contrast)),
  };
}
