import type { Background, Combination, Interpolation, Motion, PictureOptions } from "@sbnsis/imaging";

/** A frame of a stack or an animation, and where the object is in it. */
export interface StackRow {
  /** Number of the row in its list, by which products name it; defaults to its place, from 1. */
  readonly n?: number;
  /** LID of the frame. */
  readonly id: string;
  /** Position of the object (ICRS, degrees) at `mjd` (UTC). */
  readonly ra: number;
  readonly dec: number;
  readonly mjd: number;
  /** Middle of the exposure, MJD (UTC). */
  readonly mid: number;
  /** Carries the position from `mjd` to `mid`. */
  readonly motion?: Motion;
  /**
   * Ellipse of uncertainty: half axes in arcseconds, as that many sigma, `pa` of the longer one.
   */
  readonly uncertainty?: {
    readonly a: number;
    readonly b: number;
    readonly pa: number;
    readonly sigma: number;
  };
  /** Seconds. */
  readonly exposure?: number;
  readonly filter?: string;
  /** Full width at half maximum of a point source, arcseconds. */
  readonly fwhm?: number;
  /** Magnitude of one unit of the frame's values. */
  readonly zeroPoint?: number;
  readonly weight?: number;
}

/** What stacks and animations have in common. */
interface MovingRequest {
  readonly rows: readonly StackRow[];
  /** Name of the object; written into products. */
  readonly target?: string;
  /** Id of the batch that the rows are from. */
  readonly batch?: string;
  /** Side of the square: arcseconds on the sky, or pixels. */
  readonly size: { readonly arcsec: number } | { readonly pixels: number };
  /** Arcseconds per pixel; defaults to those of the coarsest frame. */
  readonly scale?: number;
  /** What stays in place: the object, or the stars. */
  readonly align: "object" | "sky";
  readonly interpolation: Interpolation;
  /** A trial motion: the object starts from its position in the rows at the reference time. */
  readonly motion?: Motion;
  /** Moves every position by this many sigma along the longer axis of its ellipse. */
  readonly along?: number;
  /** MJD (UTC); defaults to the mean time of the frames, weighted with their exposures. */
  readonly reference?: number;
}

/** A stack; every row has a frame. */
export interface StackRequest extends MovingRequest {
  readonly kind: "stack";
  readonly format: "fits" | "jpeg" | "png";
  readonly combine: Combination;
  readonly background: Background;
  /** Where the zero points of the frames come from; `none` leaves their values as they are. */
  readonly zeroPoints: "none" | "header" | "rows";
  /** How the planes of a FITS file are stored: plain, or compressed in tiles. */
  readonly pack?: "rice";
  /** Weights of `combine=weighted`: sigma^-2, sigma^-2 FWHM^-2, or those of the rows. */
  readonly weights: "sigma" | "psf" | "row";
  /** Of jpeg and png. */
  readonly picture?: { readonly options: PictureOptions; readonly quality?: number };
}

/** An animation of the frames in the order of the rows. */
export interface BlinkRequest extends MovingRequest {
  readonly kind: "blink";
  readonly format: "png" | "gif" | "webp";
  /** Pictures per second. */
  readonly rate: number;
  /** Side in pixels of the same square, instead of `scale`. */
  readonly width?: number;
  /** How often it is played; 0 is forever. */
  readonly plays: number;
  readonly marks: readonly BlinkMark[];
}

/** What can be drawn into the pictures of an animation besides time and frame. */
export const BLINK_MARKS = ["object", "motion", "ellipse", "compass", "scale"] as const;
export type BlinkMark = (typeof BLINK_MARKS)[number];

/** Limits of stacks and animations, checked before any pixel is read. */
export const STACK_LIMITS = {
  /** Pixels along a side of either. */
  side: 1024,
  stackFrames: 2000,
  blinkFrames: 500,
  /** Pixels of all frames together. */
  pixels: 4e8,
  /** Pixels of all pictures of an animation: 64 MB before compression. */
  blinkPixels: 64 * 2 ** 20,
} as const;

/** Pictures per second: more than 3 only on request (WCAG 2.3.1). */
export const BLINK_RATES = { lowest: 0.5, highest: 3, fast: 10 } as const;
