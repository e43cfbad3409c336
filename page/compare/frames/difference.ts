import { icrsToPixel, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { type ImageStatistics, imageStatistics } from "../../drawing/pixels/image-statistics.ts";
import { type PixelImage, valueAt } from "../../drawing/pixels/pixels.ts";
import { cubicMap, type PlaneToPixel, pixelOf } from "../../drawing/sky/cubic-map.ts";
import { type SkyPlace, toTangentPlane } from "../../drawing/sky/tangent-plane.ts";
import { bilinear } from "../../measure/profile.ts";

/** What to subtract from a frame. */
export const DIFFERENCES = ["none", "previous", "stack"] as const;
export type Difference = (typeof DIFFERENCES)[number];

/** An image on the sky that can be subtracted from a frame. */
export interface Subtrahend {
  readonly image: PixelImage;
  /** Its pixel, from 0, at a position. */
  readonly pixelAt: (place: SkyPlace) => { readonly x: number; readonly y: number } | undefined;
  /** The sky level to subtract from it first. */
  readonly sky: number;
  /** Area of a pixel, square degrees. */
  readonly area: number;
}

/** An image with statistics of its values. */
export interface ShownImage {
  readonly image: PixelImage;
  readonly statistics: ImageStatistics;
}

/** Area of a pixel at the reference point, square degrees. */
function pixelArea({ linear }: Wcs): number {
  const [a, b, c, d] = linear.cd;
  return Math.abs(a * d - b * c);
}

/** A frame to subtract from others, at the same sky positions. */
export function frameSubtrahend({ wcs, image, statistics }: ShownImage & { readonly wcs: Wcs }): Subtrahend {
  return {
    image,
    pixelAt: ({ ra, dec }) => icrsToPixel(wcs, ra, dec),
    sky: statistics.sky,
    area: pixelArea(wcs),
  };
}

/** A stack to subtract from frames, on a tangent plane, north up. */
export function stackSubtrahend(
  { side, values }: { readonly side: number; readonly values: Float64Array },
  { ra, dec, scale }: SkyPlace & { readonly scale: number },
): Subtrahend {
  const middle = (side - 1) / 2;
  return {
    image: {
      ...{ width: side, height: side, stored: values, zero: 0, scale: 1 },
      blank: undefined,
      isExact: false,
    },
    pixelAt: (place) => {
      const offset = toTangentPlane({ ra, dec }, place);
      const arcsec = scale * 3600;
      return offset && { x: middle - offset.xi / arcsec, y: middle + offset.eta / arcsec };
    },
    // the sky of each frame was subtracted before they were stacked
    sky: 0,
    area: scale ** 2,
  };
}

/**
 * A frame minus another image, in the frame's own pixels. The sky level is subtracted from both
 * first; the other image is interpolated bilinearly and scaled to flux per pixel of the frame. NaN
 * where either has no value.
 */
export function differenceOf(
  { wcs, image, statistics }: ShownImage & { readonly wcs: Wcs },
  other: Subtrahend,
): ShownImage {
  const { width, height } = image;
  const toOther: PlaneToPixel = (u, v) => {
    const place = pixelToIcrs(wcs, u, v);
    return place && other.pixelAt(place);
  };
  const box = { u0: -0.5, v0: -0.5, u1: width - 0.5, v1: height - 0.5 };
  const map = cubicMap(toOther, box);
  const gain = pixelArea(wcs) / other.area;
  const otherAt = (x: number, y: number) => valueAt(other.image, x, y);
  const stored = new Float64Array(width * height).fill(Number.NaN);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const at = pixelOf(map, { u: x, v: y });
      if (at === undefined) continue;
      stored[k] = valueAt(image, x, y) - statistics.sky - gain * (bilinear(otherAt, at.x, at.y) - other.sky);
    }
  }
  const difference = {
    ...{ width, height, stored, zero: 0, scale: 1, blank: undefined },
    // the other image is interpolated
    isExact: false,
  };
  return { image: difference, statistics: imageStatistics(difference) };
}

/** Bytes of cached differences. */
const KEPT_BYTES = 128 * 2 ** 20;

/** Cache of differences, so that blinking computes each only once. */
export class DifferenceCache {
  readonly #kept = new Map<object, { readonly of: object; readonly made: ShownImage }>();
  #bytes = 0;

  /** The difference between a frame and the image below it. */
  get(frame: object, below: object, make: () => ShownImage): ShownImage {
    const known = this.#kept.get(frame);
    if (known?.of === below) return known.made;
    if (known !== undefined) this.#drop(frame, known.made);
    const made = make();
    this.#kept.set(frame, { of: below, made });
    this.#bytes += made.image.stored.byteLength;
    for (const [other, { made: old }] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES || other === frame) break;
      this.#drop(other, old);
    }
    return made;
  }

  #drop(frame: object, { image }: ShownImage): void {
    this.#kept.delete(frame);
    this.#bytes -= image.stored.byteLength;
  }
}
