import type { TimedPosition } from "@sbnsis/imaging";
import { icrsToPixel, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import type { PlanePoint } from "../../drawing/camera.ts";
import type { Cutout } from "../../drawing/pixels/read-cutout.ts";
import { type CubicMap, ownMap, skyMap } from "../../drawing/sky/cubic-map.ts";
import { fromTangentPlane, type SkyPlace, toTangentPlane } from "../../drawing/sky/tangent-plane.ts";
import type { PlacedRow } from "../../sets/load-set.ts";
import { placeAtMid, type StackableFrame } from "../../stack/stack-plan.ts";

/** What the frames of a set are aligned by. */
export type Alignment = "object" | "sky" | "pixels";
export const ALIGNMENTS: readonly Alignment[] = ["object", "sky", "pixels"];

/** A frame of a set: its pixels, and their positions on each plane. */
export class ComparedFrame implements StackableFrame {
  readonly n: number;
  readonly row: PlacedRow;
  readonly cutout: Cutout;
  readonly wcs: Wcs;
  /**
   * The predicted position of the object at the time of the row, and at the middle of the exposure.
   */
  readonly place: TimedPosition;
  readonly object: TimedPosition;
  readonly mid: number;
  readonly exposure: number | undefined;
  readonly scale: number;
  readonly #maps = new Map<string, CubicMap | undefined>();

  /** Errors: an Error for a cutout without celestial coordinates. */
  constructor(row: PlacedRow, cutout: Cutout) {
    if (cutout.wcs === undefined) throw new Error("the image has no celestial coordinates");
    this.n = row.n;
    this.row = row;
    this.cutout = cutout;
    this.wcs = cutout.wcs;
    // the values of the row take precedence: the service stacks with them, and the header may
    // differ
    this.exposure = row.exposure ?? cutout.exposure;
    const mid = row.mid_mjd ?? cutout.mid;
    const time = row.mjd ?? mid;
    this.mid = mid ?? time ?? Number.NaN;
    this.place = { ra: row.ra, dec: row.dec, mjd: time ?? Number.NaN };
    const [a, b, c, d] = cutout.wcs.linear.cd;
    this.scale = Math.sqrt(Math.abs(a * d - b * c));
    this.object = this.mid === this.place.mjd || Number.isNaN(this.mid) ? this.place : placeAtMid(this);
  }

  get motion(): StackableFrame["motion"] {
    const { rate, pa } = this.row;
    return rate === null || pa === null || rate === undefined || pa === undefined ? undefined : { rate, pa };
  }

  get uncertainty(): StackableFrame["uncertainty"] {
    const { unc_a: a, unc_pa: pa, unc_sigma: sigma } = this.row;
    return a == null || pa == null || !sigma ? undefined : { a, pa, sigma };
  }

  /**
   * The map from the plane of an alignment to the frame; undefined if the frame is not on it.
   * @param reference the position at which the plane touches the sky
   */
  mapOf(alignment: Alignment, reference: SkyPlace): CubicMap | undefined {
    const { width, height } = this.cutout.image;
    const key = alignment === "sky" ? `${reference.ra},${reference.dec}` : alignment;
    if (!this.#maps.has(key)) {
      this.#maps.set(
        key,
        alignment === "pixels"
          ? this.#ownMap()
          : skyMap(this.wcs, [width, height], alignment === "object" ? this.object : reference),
      );
    }
    return this.#maps.get(key);
  }

  /** The sky position of a point of the plane; undefined if it has none. */
  skyAt(alignment: Alignment, reference: SkyPlace, { u, v }: PlanePoint): SkyPlace | undefined {
    if (alignment !== "pixels") {
      return fromTangentPlane(alignment === "object" ? this.object : reference, { xi: -u, eta: v });
    }
    const origin = this.#origin();
    const arcsec = this.scale * 3600;
    return pixelToIcrs(this.wcs, origin.x + u / arcsec, origin.y + v / arcsec);
  }

  /** The point of the plane at a sky position. */
  planeAt(alignment: Alignment, reference: SkyPlace, place: SkyPlace): PlanePoint | undefined {
    if (alignment !== "pixels") {
      const offset = toTangentPlane(alignment === "object" ? this.object : reference, place);
      return offset && { u: -offset.xi, v: offset.eta };
    }
    const pixel = icrsToPixel(this.wcs, place.ra, place.dec);
    const origin = this.#origin();
    const arcsec = this.scale * 3600;
    return pixel && { u: (pixel.x - origin.x) * arcsec, v: (pixel.y - origin.y) * arcsec };
  }

  /** The sky position of a pixel, counted from 0. */
  skyOfPixel(x: number, y: number): SkyPlace | undefined {
    return pixelToIcrs(this.wcs, x, y);
  }

  #origin(): { readonly x: number; readonly y: number } {
    const { width, height } = this.cutout.image;
    return (
      icrsToPixel(this.wcs, this.object.ra, this.object.dec) ?? { x: (width - 1) / 2, y: (height - 1) / 2 }
    );
  }

  #ownMap(): CubicMap {
    const { width, height } = this.cutout.image;
    return ownMap([width, height], this.#origin(), this.scale * 3600);
  }
}
