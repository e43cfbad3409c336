import { BACKGROUNDS, COMBINATIONS, INTERPOLATIONS } from "@sbnsis/imaging";
import { type Static, Type } from "typebox";
import { SIZE_ALLOWED, SIZE_PATTERN } from "../../../products/request/cutout-size.ts";
import { GROUPINGS } from "../../../products/stack/group-rows.ts";
import { BLINK_MARKS, BLINK_RATES, STACK_LIMITS } from "../../../products/stack/stack-request.ts";

const choice = <T extends string>(values: readonly T[], fallback: T, description: string) =>
  Type.Optional(Type.Enum([...values], { type: "string", default: fallback, description }));

/** Parameters that stacks and animations share. */
const common = {
  size: Type.Optional(
    Type.String({
      pattern: SIZE_PATTERN,
      maxLength: 32,
      description: `Side of the square with its unit; at most ${STACK_LIMITS.side} pixels. Default: that of the batch.`,
      examples: ["4arcmin", "121px"],
      "x-allowed": SIZE_ALLOWED,
    }),
  ),
  scale: Type.Optional(
    Type.Number({
      minimum: 0.01,
      maximum: 3600,
      description: "Arcseconds per pixel. Default: those of the coarsest frame.",
      examples: [1.86],
    }),
  ),
  align: choice(["object", "sky"], "object", "What stays in place: the object, or the stars."),
  rate: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 36_000,
      description: "Trial motion, arcseconds per hour along pa; replaces the positions of the rows.",
      examples: [40],
    }),
  ),
  pa: Type.Optional(
    Type.Number({
      minimum: -360,
      maximum: 360,
      description: "Position angle of the trial motion, degrees from north through east.",
      examples: [110],
    }),
  ),
  along: Type.Optional(
    Type.Number({
      minimum: -100,
      maximum: 100,
      description: "Moves every position by this many sigma along the longer axis of its uncertainty.",
      examples: [1.5],
    }),
  ),
  without: Type.Optional(
    Type.String({
      pattern: "^\\d{1,5}(-\\d{1,5})?(,\\d{1,5}(-\\d{1,5})?)*$",
      maxLength: 2000,
      description: "Numbers of rows to leave out, single ones or from-to.",
      examples: ["3,7-9"],
    }),
  ),
  group: choice(GROUPINGS, "all", "Which rows belong together; a gap of more than 8 hours begins a night."),
  part: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: STACK_LIMITS.stackFrames,
      default: 1,
      description: "Number of the group, in chronological order.",
    }),
  ),
  download: Type.Optional(
    Type.Boolean({ default: false, description: "Make browsers save the file instead of showing it." }),
  ),
};

/** Parameters of GET /batch/{id}/stack.{format}. */
export const stackQuerySchema = Type.Object({
  combine: choice(COMBINATIONS, "median", "How the values of the frames at a pixel are combined."),
  interpolation: choice(INTERPOLATIONS, "cubic", "How frames are sampled between their pixels."),
  background: choice(BACKGROUNDS, "median", "What is subtracted from each frame."),
  zp: choice(
    ["none", "header", "rows"],
    "none",
    "Source of the zero points that bring frames to the same flux scale.",
  ),
  weights: choice(
    ["sigma", "psf", "row"],
    "sigma",
    "Weights of combine=weighted: inverse variances, the same divided by FWHM^2, or those of the rows.",
  ),
  pack: choice(["none", "rice"], "none", "FITS: compress the planes in tiles with RICE_1."),
  ...common,
});

/** Parameters of GET /batch/{id}/blink.{format}. */
export const blinkQuerySchema = Type.Object({
  interpolation: choice(INTERPOLATIONS, "nearest", "How frames are sampled between their pixels."),
  speed: Type.Optional(
    Type.Number({
      minimum: BLINK_RATES.lowest,
      maximum: BLINK_RATES.fast,
      default: 2,
      description: `Pictures per second. More than ${BLINK_RATES.highest} need fast=true, because flashes can cause seizures (WCAG 2.3.1).`,
    }),
  ),
  fast: Type.Optional(
    Type.Boolean({ default: false, description: "Allows more than three pictures per second." }),
  ),
  width: Type.Optional(
    Type.Integer({
      minimum: 16,
      maximum: STACK_LIMITS.side,
      description: "Side of the pictures in pixels, of the same square on the sky, instead of scale.",
      examples: [320],
    }),
  ),
  order: choice(
    ["time", "nights"],
    "time",
    "Order of the pictures: by time, or the first ones of all nights, then the second ones, and so on.",
  ),
  loop: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: 0,
      description: "How often it is played; 0 is forever.",
    }),
  ),
  marks: Type.Optional(
    Type.Array(Type.Enum([...BLINK_MARKS], { type: "string" }), {
      maxItems: BLINK_MARKS.length,
      description: "Drawn into each picture, besides its time and name. Repeatable.",
    }),
  ),
  ...common,
});

type Filled<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/** A validated query of a stack, with defaults filled in. */
export type StackQuery = Filled<
  Static<typeof stackQuerySchema>,
  | ("combine" | "interpolation" | "background" | "zp" | "weights" | "pack")
  | ("align" | "group" | "part" | "download")
>;

/** A validated query of an animation, with defaults filled in. */
export type BlinkQuery = Filled<
  Static<typeof blinkQuerySchema>,
  ("interpolation" | "speed" | "fast" | "loop" | "order") | ("align" | "group" | "part" | "download")
>;
