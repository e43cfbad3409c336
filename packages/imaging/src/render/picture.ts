import type { RowMap, Wcs } from "@sbnsis/wcs";
import type { PixelBox } from "../frame/cutout-box.ts";
import type { FrameSource } from "../frame/frame-source.ts";
import type { TanFrame } from "../frame/tan-frame.ts";
import type { BandJob } from "../stretch/band-job.ts";
import type { PictureOptions } from "./picture-options.ts";

/** 8-bit pixels and their position on the sky. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The top row first, which is the last of the FITS; channels interleaved. */
  readonly pixels: Uint8Array;
  /** Pixels count as in FITS, from 1 at the lower left. */
  readonly frame: TanFrame;
}

/** What the steps of a picture need besides its geometry. */
interface PictureWork {
  /** The pixels that the picture shows, in memory (memorySource) or read in bands. */
  readonly source: FrameSource;
  /** Called from time to time; an exception ends the work. */
  readonly checkpoint?: () => void;
  /**
   * Called and awaited while the picture is being made: its first `rows` rows are final. Only used
   * when no further step changes them: in grey, at full size, without marks, with the nearest
   * neighbor. Called with all rows at the end, and with 0 when the picture is restarted; earlier
   * progress is then discarded.
   */
  readonly rowsDone?: (picture: Picture, rows: number) => Promise<void>;
  /**
   * Returns at least that many bytes, with any content; the picture may be stored there. Defaults
   * to a new array.
   */
  readonly memory?: (length: number) => Uint8Array;
  /**
   * Lets another thread take part in a job of the same frame; `memory` is then shared memory.
   * Fulfilled when that thread has finished its last band. It is awaited; if it fails and a band
   * that it took is missing, the picture fails too.
   */
  readonly help?: (job: BandJob) => Promise<unknown>;
}

/** A picture to make: its pixels and their coordinates. */
export interface PictureRequest extends PictureWork {
  /** The part of the frame that the source covers; starts at (0, 0) for a whole frame. */
  readonly box: PixelBox;
  /** Coordinate system of the frame, distortions included. */
  readonly wcs: Wcs;
  /** North up, east to the left. */
  readonly align: boolean;
  /** Positions of marks are ICRS. Defaults to zscale, linear, grey, nearest neighbor. */
  readonly options?: PictureOptions;
}

/** A picture with known geometry: the frame and the map derived from its request. */
export interface PlacedPicture extends PictureWork {
  /** Frame of the picture before it is reduced; as many pixels as the source. */
  readonly frame: TanFrame;
  /** From the picture's pixels to the source's. */
  readonly map: RowMap;
  /** Positions of marks are in the system of the frame. */
  readonly options: PictureOptions;
}
