import type { ImageRecord } from "./catalog.ts";
import type { DerivedFrom } from "./model/column.ts";
import { columnsOf, type GivenDetail, type StoredValue } from "./model/image.ts";
import { cornersOfText, storedValue } from "./model/rows.ts";
import type { SchemaParts } from "./schema/tables.ts";

/** An image as harvested. */
export interface HarvestedImage {
  readonly record: ImageRecord;
  readonly detail: GivenDetail;
  /**
   * State of the label file, by which a later harvest recognizes it; without one, the file is read
   * again.
   */
  readonly stamp?: string | null;
}

/**
 * The outcome for an image: `known` was already there, `updated` had a lower version_id (or an
 * update was requested), `older` has a lower one than the row, `conflict` has the same version_id
 * but a different label, `moved` replaced outdated locations.
 */
export type WriteOutcome = "added" | "known" | "updated" | "moved" | "older" | "conflict";

/** URLs of a label and its data file. */
export type RowLocations = Pick<ImageRecord, "labelUrl" | "imageUrl">;

/** What the caller decides about existing rows. */
export interface WriteChoices {
  /** Rewrites all rows that do not have a higher version. */
  readonly update?: boolean;
  /** Whether the locations of a row should be replaced by others; without it, they never are. */
  readonly isMoved?: (before: RowLocations, now: RowLocations) => boolean;
}

/** What tables there are to write to, and how to write. */
export interface WriterOptions
  extends Pick<SchemaParts, "version" | "hasDetails" | "hasFootprintCorners" | "hasFootprintYears">,
    WriteChoices {}

/** The columns of a table, and what a row has in them. */
export interface RowLayout<Source extends readonly unknown[]> {
  readonly names: readonly string[];
  /** Values in the order of the names. */
  values(...source: Source): readonly StoredValue[];
}

/** How records are written to `image`. */
export function recordLayout(): RowLayout<[record: ImageRecord]> {
  const columns = columnsOf("image", 1);
  return {
    names: columns.map(({ name }) => name),
    values: (record) => columns.map(({ property }) => storedValue(record[property as keyof ImageRecord])),
  };
}

/** How images are written to `image_detail` in a version of the schema; `id` is that of `image`. */
export function detailLayout(version: number): RowLayout<[id: number, image: HarvestedImage]> {
  const columns = columnsOf("image_detail", version);
  return {
    names: ["image_id", "label_stamp", ...columns.map(({ name }) => name)],
    values: (id, { record, detail, stamp = null }) => {
      const image = derivedFrom(record, detail);
      const values = columns.map(({ property, derive }) =>
        storedValue(derive === undefined ? detail[property as keyof GivenDetail] : derive(image)),
      );
      return [id, stamp, ...values];
    },
  };
}

function derivedFrom({ obsId, collection }: ImageRecord, detail: GivenDetail): DerivedFrom {
  const { startMjd = null, stopMjd = null, filter = null, corners = null } = detail;
  return { obsId, collection, startMjd, stopMjd, filter, corners };
}

/** What a writer needs to know about the existing row with an image's LID. */
export interface ExistingRow {
  readonly id: number;
  readonly label_url: string | null;
  readonly image_url: string | null;
  readonly version_id: string | null;
  readonly label_digest: string | null;
  readonly label_stamp: string | null;
  readonly corners: string | null;
}

/** Compares version_ids such as 1.0, 1.9, 1.10, 2.0: negative when `a` is lower. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number));
  for (let i = 0; i < Math.max(x!.length, y!.length); i += 1) {
    const difference = (x![i] ?? 0) - (y![i] ?? 0);
    if (difference !== 0) return Number.isNaN(difference) ? a.localeCompare(b) : difference;
  }
  return 0;
}

/** The outcome for a label whose LID already has a row. */
export function outcomeFor(
  row: ExistingRow,
  { record, detail }: HarvestedImage,
  { update = false, isMoved = () => false }: WriteChoices,
): WriteOutcome {
  const order = row.version_id === null ? 0 : compareVersions(detail.versionId, row.version_id);
  if (order > 0) return "updated";
  if (isMoved({ labelUrl: row.label_url, imageUrl: row.image_url }, record)) return "moved";
  if (order < 0) return "older";
  if (update) return "updated";
  if (row.version_id === null) return "known";
  if (row.label_digest !== detail.labelDigest) return "conflict";
  // the same label, but its corners have since been read from the image
  return storedValue(detail.corners) !== null && row.corners === null ? "updated" : "known";
}

/** Whether an outcome means that the row is rewritten. */
export function isRewritten(outcome: WriteOutcome): boolean {
  return outcome === "updated" || outcome === "moved";
}

/** The image as it replaces a row: corners read from the image of the same label are kept. */
export function replacementFor(row: ExistingRow, image: HarvestedImage): HarvestedImage {
  const { detail } = image;
  const isKept = row.corners !== null && row.label_digest === detail.labelDigest;
  if (!isKept || storedValue(detail.corners) !== null) return image;
  return { ...image, detail: { ...detail, corners: cornersOfText(row.corners) } };
}

/** Whether the label of the row is unchanged, in a file that has been touched since. */
export function isRestamped(row: ExistingRow, { record, detail, stamp }: HarvestedImage): boolean {
  return (
    row.label_digest === detail.labelDigest &&
    row.label_url === record.labelUrl &&
    row.label_stamp !== (stamp ?? null)
  );
}
