import { SisError } from "../../errors/sis-error.ts";

/** Marker codes (ITU-T T.81, table B.1). */
const SOF0 = 0xc0;
const RST0 = 0xd0;
const EOI = 0xd9;
const SOS = 0xda;
const DRI = 0xdd;

/** Pixels along a side of a minimum coded unit where no component is subsampled. */
const UNIT = 8;
/** Most units between two restart markers (DRI, B.2.4.4). */
const MOST_UNITS = 65_535;

/** Pixels of a strip, about: few enough that little is left to do when the last of them are there. */
const STRIP_PIXELS = 2 ** 21;

/** Rows of a picture `width` pixels wide that make one strip, a multiple of 8: not more than may lie between two restart markers. */
export function stripRows(width: number): number {
  const allowed = Math.floor(MOST_UNITS / Math.ceil(width / UNIT));
  return UNIT * Math.max(1, Math.min(allowed, Math.round(STRIP_PIXELS / width / UNIT)));
}

/**
 * Joins strips of a picture, each a baseline JPEG of its own with the same tables and no subsampling, to one: their data with a restart marker between
 * them (ITU-T T.81, F.1.1.5.2: prediction begins anew there, as it does in a file). All but the last are stripRows high. Pixels are not decoded.
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

  /** The parts of the joined file that stand for the next strip. The first has the segments of the file. Errors: PICTURE_FAILED when its tables differ. */
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

  /** What stands behind the last strip. */
  end(): Uint8Array {
    return Uint8Array.of(0xff, EOI);
  }
}

/** Where the segments of a JPEG file begin that are needed here; `tables` holds DQT, DHT and what else belongs to decoding, without the height. */
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
  throw new SisError("PICTURE_FAILED", "the encoder gave a strip that is no baseline JPEG");
}
