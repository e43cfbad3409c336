import type { Card } from "@sbnsis/fits";
import type { TileEncoder } from "@sbnsis/fits/internal";

/** Contents of a frame's label. */
export interface FrameLabel {
  readonly lid: string;
  readonly title: string;
  readonly facility: string;
  readonly instrument: string;
  readonly target: string;
  /** Start of the exposure, UTC, as `2020-01-01T00:00:00`. */
  readonly start: string;
  readonly exposureSeconds: number;
  readonly filter: string;
  readonly fieldId: string;
  readonly limitingMagnitude: number;
  /** Whether it gives the matrix from pixels to the sky; labels of NEAT do not. */
  readonly matrix: boolean;
  /** Error of its corners in declination, degrees. */
  readonly cornerError?: number;
}

/** A secondary image after the frame, as in ATLAS files. */
export interface CompanionImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** A point source: ICRS position in degrees, and its peak height above the background. */
export interface SkySource {
  readonly ra: number;
  readonly dec: number;
  readonly peak: number;
}

/** The complete design of a frame, before any pixel is made. */
export interface FrameDesign {
  readonly label: FrameLabel;
  /** Folder below that of the set, with slashes. */
  readonly folder: string;
  /** Name of the data file in the label, its name on disk, and the name of the label. */
  readonly fileName: string;
  readonly storedName: string;
  readonly labelName: string;
  readonly width: number;
  readonly height: number;
  readonly bitpix: 16 | -32 | -64;
  /** BZERO, as in the cards: stored = physical - bzero. */
  readonly bzero: number;
  /** Header of the image without the structural keywords. */
  readonly cards: readonly Card[];
  /**
   * `sky`: RA on even-even pixels, Dec on odd-odd ones, else 0. `stars`: a background with noise
   * and stars, those at `sources` or at random.
   */
  readonly pixels:
    | { readonly kind: "sky" }
    | {
        readonly kind: "stars";
        readonly background: number;
        readonly sigma: number;
        readonly sources?: readonly SkySource[];
      };
  /** Plain in the primary HDU, or compressed in HDU 1. */
  readonly storage: "plain" | TileEncoder;
  readonly companions: readonly CompanionImage[];
}

/** Which frame of a set to make. */
export interface FrameRequest {
  /** From 0. */
  readonly index: number;
  readonly seed: number;
  readonly fullSize: boolean;
}

/** One kind of generated data. */
export interface MadeSurvey {
  readonly name: string;
  /** Folder below that of the test data. */
  readonly folder: string;
  /**
   * Default numbers of frames: when the kind is requested by name, and as a part of the default
   * set.
   */
  readonly usualFrames: number;
  readonly defaultFrames: number;
  readonly frame: (request: FrameRequest) => FrameDesign;
  /** A list of the frames for `sbnsis batch`, and its name. */
  readonly list?: { readonly name: string; readonly textOf: (frames: number) => string };
}
