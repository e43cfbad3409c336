import { SisError } from "../../errors/sis-error.ts";

/** Marker codes (ITU-T T.81, table B.1). */
const SOF0 = 0xc0;
const RST0 = 0xd0;
const EOI = 0xd9;
const SOS = 0xda;
const DRI = 0xdd;

/** Pixels along a side of a minimum coded unit if no component is subsampled. */
const UNIT = 8;
/** Maximum number of units between two restart markers (DRI, B.2.4.4). */
const MOST_UNITS = 65_535;

/**
 * Approximate number of pixels of a strip: small enough that little is left to do after the last
 * rows arrive.
 */
const STRIP_PIXELS = 2 ** 21;

/**
 * Number of rows of a strip of a picture `width` pixels wide, a multiple of 8: no more than may be
 * between two restart markers.
 */
export function stripRows(width: number): number {
  const allowed = Math.floor(MOST_UNITS / Math.ceil(width / UNIT));
  return UNIT * Math.max(1, Math.min(allowed, Math.round(STRIP_PIXELS / width / UNIT)));
}

/**
 * Joins the strips of a picture, each a baseline JPEG of its own with the same tables and no
 * subsampling, by placing a restart marker between their data (ITU-T T.81, F.1.1.5.2: prediction
 * restarts there, as it does in a file). All but the last are stripRows high. Pixels are not
 * decoded.
 */
export class StripJoiner {
  readonly #height: number;
  readonly #interval: number;
  #tables: Buffer | undefined;
  #count = 0;

  constructor(width: number, height: number) {
    this.#height = height;
    this.#interval = Math.ceil(width / UNIT) * (stripRows(width) / UNIT);
  }

  /**
   * The parts of the joined file for the next strip. The first strip supplies the segments of the
   * file. Errors: PICTURE_FAILED when its tables differ.
   */
  add(strip: Buffer): readonly Uint8Array[] {
    const { tables, scan, frame, data } = segments(strip);
    const marker = Buffer.of(0xff, RST0 + ((this.#count - 1) & 7));
    this.#count++;
    if (this.#tables === undefined) {
      this.#tables = tables;
      const head = Buffer.from(strip.subarray(0, scan));
      head.writeUInt16BE(this.#height, frame + 5);
      const restart = Buffer.of(0xff, DRI, 0, 4, this.#interval >> 8, this.#interval & 0xff);
      return [head, restart, strip.subarray(scan, data), strip.subarray(data, strip.length - 2)];
    }
    if (!tables.equals(this.#tables))
      throw new SisError("PICTURE_FAILED", "the strips of a picture were encoded with different tables");
    return [marker, strip.subarray(data, strip.length - 2)];
  }

  /** What follows the last strip. */
  end(): Uint8Array {
    return Uint8Array.of(0xff, EOI);
  }
}

/**
 * Finds the segments of a JPEG file that are needed here; `tables` contains DQT, DHT and everything
 * else needed for decoding, without the height.
 */
function segments(jpeg: Buffer): {
  readonly tables: Buffer;
  readonly frame: number;
  readonly scan: number;
  readonly data: number;
} {
  const tables: Buffer[] = [];
  let frame = -1;
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const marker = jpeg[at + 1]!;
    const length = 2 + jpeg.readUInt16BE(at + 2);
    const segment = jpeg.subarray(at, at + length);
    if (marker === SOS) {
      if (frame < 0) break;
      tables.push(segment);
      return { tables: Buffer.concat(tables), frame, scan: at, data: at + length };
    }
    if (marker === SOF0) {
      frame = at;
      tables.push(segment.subarray(0, 5), segment.subarray(7));
    } else if (marker < 0xe0) tables.push(segment);
    at += length;
  }
  throw new SisError("PICTURE_FAILED", "the encoder produced a strip that is not a baseline JPEG");
}
