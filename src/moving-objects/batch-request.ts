import { createHash } from "node:crypto";
import type { CutoutSize, PictureRequest } from "../products/product.ts";
import { cutoutSize } from "../products/request/cutout-size.ts";
import type { ObjectRow } from "./object-row.ts";
import { rowText } from "./row-text.ts";

/** Formats in which rows are made. */
export type BatchFormat = "fits" | "jpeg" | "png";

/** Marks that each picture gets from its own row. */
export const BATCH_MARKS = [
  "object",
  "ellipse",
  "trail",
  "motion",
  "sun",
  "velocity",
  "north",
  "scale",
] as const;
export type BatchMark = (typeof BATCH_MARKS)[number];

/** Options of a batch, the same for all of its rows. Plain data. */
export interface BatchOptions {
  /** Size of the cutouts as in GET /images. */
  readonly size: string;
  readonly formats: readonly BatchFormat[];
  /** Whether FITS cutouts are compressed in tiles, and whether they have only the cards needed. */
  readonly pack: "none" | "rice";
  readonly header: "full" | "minimal";
  /** North up, for pictures. */
  readonly align: boolean;
  /** Options of the pictures, and the same as query parameters of GET /images. */
  readonly picture: PictureRequest | null;
  readonly pictureQuery: string;
  readonly marks: readonly BatchMark[];
  /**
   * `position`: the position as given; `exposure`: carried along the motion to the middle of the
   * exposure.
   */
  readonly center: "position" | "exposure";
  /** Frames, their difference images, or both. */
  readonly images: "science" | "difference" | "both";
  /** Whether rows without a frame are single positions, or the nodes of an ephemeris. */
  readonly find: "time" | "ephemeris";
}

/** Everything that determines what a batch makes. Plain data, stored as the request of its job. */
export interface BatchRequest {
  readonly target: string | null;
  readonly options: BatchOptions;
  readonly rows: readonly ObjectRow[];
}

/** Changes whenever the same request would make other rows, or is written in another form. */
const REVISION = 2;

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Number of base32 characters in an id: 130 bits. */
const ID_LENGTH = 26;

/** Syntax of the id of a batch. */
export const BATCH_ID_PATTERN = `^[a-z2-7]{${ID_LENGTH}}$`;

/**
 * Id of a batch: base32 (RFC 4648, lower case) of the SHA-256 of its canonical request, so that the
 * same rows and options give the same id in whatever form they were sent.
 *
 * @param texts the rows, if they were already serialized
 */
export function batchId(
  { target, options, rows }: BatchRequest,
  texts: readonly string[] = rows.map(rowText),
): string {
  const sorted = Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
  const request = [REVISION, target, sorted].map((part) => JSON.stringify(part));
  const text = `[${request.join(",")},[${texts.join(",")}]]`;
  const digest = createHash("sha256").update(text).digest();
  let [bits, value, id] = [0, 0, ""];
  for (const byte of digest) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && id.length < ID_LENGTH) {
      bits -= 5;
      id += ALPHABET[(value >> bits) & 31];
    }
  }
  return id;
}

/** Size of the cutout of a row. */
export function rowSize(row: Pick<ObjectRow, "size">, options: BatchOptions): CutoutSize {
  return cutoutSize(row.size ?? options.size);
}
