import { extname } from "node:path";
import { type ImageDescription, planSection, type SectionPlan } from "@sbnsis/fits";
import type { Scaling } from "@sbnsis/fits/internal";
import { type AvmFacts, type PictureOptions, type PixelBox, reducedSize, ZOOM_PIXELS } from "@sbnsis/imaging";
import type { Wcs } from "@sbnsis/wcs";
import type { SkyShape } from "@sbnsis/wcs/internal";
import type { ImageDetail, ImageRecord } from "../../catalog/catalog.ts";
import { SisError } from "../../errors/sis-error.ts";
import { type PictureFormatName, pictureFormat } from "../encode/formats/registry.ts";
import type { FrameDescription } from "../frame-description.ts";
import { type ProductRequest, showsPart } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import { type CutoutLimits, requireIcrs } from "./place-cutout.ts";
import { requestedPart } from "./place-region.ts";
import { scalingOf } from "./plan-cutout.ts";

/** Up to this many pixels, a picture is made from values in memory, like a cutout. */
const SECTION_PIXELS = 2 ** 22;

/**
 * Maximum number of pixels of a frame that a picture is made from: each takes two bytes of memory,
 * four in color.
 */
const FRAME_PIXELS = 2 ** 28;

/**
 * How to make a picture, derived from headers and request alone: plain data that a thread executes.
 */
export interface PicturePlan {
  /** The file in the state that was described. */
  readonly source: SourceFile;
  readonly format: PictureFormatName;
  readonly quality: number | undefined;
  readonly align: boolean;
  /** Positions of markers are ICRS. */
  readonly options: PictureOptions;
  /** Of the whole frame. */
  readonly wcs: Wcs;
  /** The part of the frame that is shown, pixels from 0. */
  readonly box: PixelBox;
  /** The region outside which pixels have no value. */
  readonly mask: SkyShape | undefined;
  /** Read in one piece, in bands, or in some rows. */
  readonly content:
    | { readonly kind: "section"; readonly section: SectionPlan; readonly scaling: Scaling }
    | { readonly kind: "frame"; readonly image: ImageDescription }
    | { readonly kind: "rows"; readonly image: ImageDescription };
  readonly facts: AvmFacts;
}

/**
 * Plans the picture of a cutout or of the whole frame without any I/O.
 * Errors: NO_CELESTIAL_WCS, OFF_IMAGE, REGION_OFF_IMAGE, CUTOUT_TOO_LARGE, FRAME_TOO_LARGE; WCS_*
 * for an unusable coordinate system.
 */
export function planPicture(
  frame: FrameDescription,
  request: ProductRequest,
  limits: CutoutLimits,
  facts: AvmFacts,
): PicturePlan {
  const { region, format, align, picture } = request;
  if (frame.sky === undefined) {
    throw new SisError(
      "NO_CELESTIAL_WCS",
      "This image has no celestial coordinate system in its header, so no picture of it can be made. Request format=fits.",
    );
  }
  const isQuick = picture?.quick === true;
  const options = isQuick ? { width: QUICK_SIDE, ...picture.options } : (picture?.options ?? {});
  if (options.marks?.some((mark) => "lon" in mark)) {
    requireIcrs(frame.sky.wcs, "marks at a right ascension and declination cannot be drawn");
  }
  const box = requestedPart(frame, request, limits) ?? wholeFrame(frame);
  const [width, height] = box.shape;
  checkZoom(options, box);
  return {
    source: frame.source,
    format: pictureFormat(format)?.name ?? "jpeg",
    quality: picture?.quality,
    align,
    options,
    wcs: frame.sky.wcs,
    box,
    mask: region?.mask && region.shape,
    content: isQuick
      ? { kind: "rows", image: frame.image }
      : showsPart(request) || width * height <= SECTION_PIXELS
        ? { kind: "section", section: planSection(frame.image, box), scaling: scalingOf(frame.image) }
        : { kind: "frame", image: frame.image },
    facts,
  };
}

/** Longer side of a first look, unless the request has `width`. */
const QUICK_SIDE = 320;

/** Approximate maximum size of a picture's file, in bytes: that of its pixels. */
export function pictureBytes({ box, options }: PicturePlan): number {
  const [width, height] = reducedSize(box.shape[0], box.shape[1], options.width);
  return width * height * ((options.colormap ?? "gray") === "gray" ? 1 : 3);
}

function checkZoom({ zoom = 1 }: PictureOptions, { shape: [width, height] }: PixelBox): void {
  if (zoom === 1 || width * height * zoom * zoom <= ZOOM_PIXELS) return;
  const largest = Math.max(1, Math.floor(Math.sqrt(ZOOM_PIXELS / (width * height))));
  throw new SisError(
    "FRAME_TOO_LARGE",
    `Parameter zoom is "${zoom}"; allowed: at most ${largest} for this picture of ${width} x ${height} pixels, because enlarged pictures may have up to ${ZOOM_PIXELS} pixels.`,
    { details: { parameter: "zoom", value: String(zoom), width, height, limit: ZOOM_PIXELS } },
  );
}

function wholeFrame({ naxis }: FrameDescription): PixelBox {
  if (naxis[0] * naxis[1] > FRAME_PIXELS) {
    throw new SisError(
      "FRAME_TOO_LARGE",
      `This image has ${naxis[0]} x ${naxis[1]} pixels; pictures of whole images may have up to ${FRAME_PIXELS} pixels. Request a cutout.`,
      { details: { width: naxis[0], height: naxis[1], limit: FRAME_PIXELS } },
    );
  }
  return { start: [0, 0], shape: naxis };
}

/** Longest text included in a picture: JPEG has room for 64 KB of metadata in total. */
const LONGEST = 1000;

/** What the catalog knows about the image of a picture, and how the service names both. */
export interface KnownOfPicture {
  readonly record: ImageRecord;
  readonly detail: ImageDetail | undefined;
  /** Name and version of the service. */
  readonly service: string;
  /** URL of the label. */
  readonly labelUrl: string;
  /** Name under which a client saves the picture. */
  readonly fileName: string;
}

/** What a picture's metadata says. */
export function pictureFacts({ record, detail, service, labelUrl, fileName }: KnownOfPicture): AvmFacts {
  const title = detail?.title ?? undefined;
  const startTime = detail?.startTime ?? undefined;
  return {
    ...(title !== undefined && { title: title.slice(0, LONGEST) }),
    creator: service,
    facility: record.facility.slice(0, LONGEST),
    instrument: record.instrument.slice(0, LONGEST),
    datasetId: record.obsId,
    id: fileName.slice(0, fileName.length - extname(fileName).length),
    ...(startTime !== undefined && { startTime: startTime.slice(0, LONGEST) }),
    referenceUrl: labelUrl,
  };
}
