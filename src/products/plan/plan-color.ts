import { planSection, type SectionPlan } from "@sbnsis/fits";
import type { Scaling } from "@sbnsis/fits/internal";
import {
  type AvmFacts,
  boxOnPlane,
  type ColorPlane,
  type ColorStretch,
  colorPlane,
  finestScale,
  type PixelBox,
} from "@sbnsis/imaging";
import type { Wcs } from "@sbnsis/wcs";
import { SisError } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../frame-description.ts";
import type { ColorRequest, CutoutRequest, ProductRequest } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import { type CutoutLimits, requireIcrs } from "./place-cutout.ts";
import { scalingOf } from "./plan-cutout.ts";

/** What is read of one frame for a color picture. */
export interface ChannelPlan {
  /** The file in the state that was described. */
  readonly source: SourceFile;
  readonly section: SectionPlan;
  readonly scaling: Scaling;
  readonly box: PixelBox;
  /** Of the whole frame. */
  readonly wcs: Wcs;
}

/** How to make a color picture: plain data that a thread executes. */
export interface ColorPlan {
  /** Red, green if it is a frame of its own, and blue. */
  readonly channels: readonly ChannelPlan[];
  readonly plane: ColorPlane;
  readonly stretch: ColorStretch;
  readonly interpolation: "nearest" | "bilinear";
  readonly format: "jpeg" | "png";
  readonly quality: number | undefined;
  readonly facts: AvmFacts;
}

/**
 * Plans a color picture without any I/O: on a plane around the position, north up and east to the
 * left, in the finest scale of the frames.
 * Errors: NO_CELESTIAL_WCS, OFF_IMAGE, CUTOUT_TOO_LARGE, naming the frame; WCS_*.
 *
 * @param frames red, green if it is a frame of its own, and blue
 */
export function planColor(
  frames: readonly FrameDescription[],
  request: ProductRequest & { readonly colour: ColorRequest; readonly cutout: CutoutRequest },
  limits: CutoutLimits,
  facts: AvmFacts,
): ColorPlan {
  const { colour, cutout, format, picture } = request;
  const systems = frames.map((frame, i) => skyOf(frame, colour.ids[i]!));
  const scale = finestScale(systems);
  const plane = colorPlane([cutout.ra, cutout.dec], sidesOf(cutout, scale), scale);
  const { maximumCutoutSize: limit } = limits;
  if (Math.max(...plane.shape) > limit) {
    const [width, height] = plane.shape;
    throw new SisError(
      "CUTOUT_TOO_LARGE",
      `size=${cutout.size.text} is ${width} x ${height} pixels in the finest scale of these images; at most ${limit} pixels along a side are allowed.`,
      { details: { parameter: "size", value: cutout.size.text, requested: [width, height], limit } },
    );
  }
  const channels = frames.map((frame, i): ChannelPlan => {
    const wcs = systems[i]!;
    const box = boxOnPlane(plane, wcs, frame.naxis);
    if (box === undefined) {
      throw new SisError(
        "OFF_IMAGE",
        `Nothing of size=${cutout.size.text} around ra=${cutout.ra}, dec=${cutout.dec} is on the image ${colour.ids[i]}.`,
        { details: { ra: cutout.ra, dec: cutout.dec } },
      );
    }
    return {
      source: frame.source,
      section: planSection(frame.image, box),
      scaling: scalingOf(frame.image),
      box,
      wcs,
    };
  });
  const { stretch, interpolation } = colour;
  return {
    channels,
    plane,
    stretch,
    interpolation,
    format: format === "png" ? "png" : "jpeg",
    quality: picture?.quality,
    facts,
  };
}

function skyOf({ sky }: FrameDescription, id: string): Wcs {
  if (sky === undefined) {
    throw new SisError(
      "NO_CELESTIAL_WCS",
      `The image ${id} has no celestial coordinate system in its header, so it cannot be combined with others.`,
    );
  }
  requireIcrs(sky.wcs, `the image ${id} cannot be combined with others`);
  return sky.wcs;
}

/** Width and height of the plane, degrees. */
function sidesOf({ size }: CutoutRequest, scale: number): readonly [number, number] {
  const { arcsec = 0, sides } = size;
  if (sides === undefined) return [arcsec / 3600, arcsec / 3600];
  const [width, height] = sides.map(({ unit, length }) =>
    unit === "pixel" ? length * scale : length / 3600,
  );
  return [width!, height!];
}
