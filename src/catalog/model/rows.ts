import type { SkyCorners } from "@sbnsis/wcs/internal";
import type { Selectable } from "kysely";
import type { FoundDetail, ImageDetail, ImageRecord } from "../catalog.ts";
import type { ImageDetailTable, ImageTable } from "../schema/tables.ts";

/** Columns of `image` that make up a record. */
export const RECORD_COLUMNS = [
  "image.obs_id",
  "image.collection",
  "image.facility",
  "image.instrument",
  "image.data_product_type",
  "image.calibration_level",
  "image.target",
  "image.pixel_scale",
  "image.image_url",
  "image.label_url",
] as const;

/** Columns of `image_detail`. */
export const DETAIL_COLUMNS = [
  "image_detail.version_id",
  "image_detail.label_digest",
  "image_detail.title",
  "image_detail.start_time",
  "image_detail.stop_time",
  "image_detail.start_mjd",
  "image_detail.stop_mjd",
  "image_detail.exposure",
  "image_detail.filter",
  "image_detail.field_id",
  "image_detail.limiting_magnitude",
  "image_detail.corners",
  "image_detail.md5",
  "image_detail.file_size",
] as const;

/** A row selected with RECORD_COLUMNS. */
export type RecordRow = Omit<Selectable<ImageTable>, "id">;

/** A row of `image` as a record. */
export function recordOfRow(row: RecordRow): ImageRecord {
  return {
    obsId: row.obs_id,
    collection: row.collection,
    facility: row.facility,
    instrument: row.instrument,
    dataProductType: row.data_product_type,
    calibrationLevel: row.calibration_level,
    target: row.target,
    pixelScale: row.pixel_scale,
    imageUrl: row.image_url,
    labelUrl: row.label_url,
  };
}

/** A row selected with DETAIL_COLUMNS; without values if a left join found none. */
export type DetailRow = {
  [K in Exclude<keyof ImageDetailTable, "image_id" | "label_stamp">]: ImageDetailTable[K] | null;
};

/** A row of `image_detail` as details; undefined if a left join found none. */
export function detailOfRow(row: DetailRow): ImageDetail | undefined {
  if (row.version_id === null || row.label_digest === null) return undefined;
  return {
    ...foundDetail(row),
    versionId: row.version_id,
    labelDigest: row.label_digest,
    title: row.title,
    startMjd: row.start_mjd,
    stopMjd: row.stop_mjd,
    fieldId: row.field_id,
    limitingMagnitude: row.limiting_magnitude,
    md5: row.md5,
    fileSize: row.file_size === null ? null : Number(row.file_size),
  };
}

/** The columns of `image_detail` that a search needs. */
export const FOUND_COLUMNS = [
  "image_detail.image_id",
  "image_detail.start_time",
  "image_detail.stop_time",
  "image_detail.exposure",
  "image_detail.filter",
  "image_detail.corners",
] as const;

/** A row selected with FOUND_COLUMNS; without values if a left join found none. */
export type FoundRow = Pick<DetailRow, "start_time" | "stop_time" | "exposure" | "filter" | "corners"> & {
  readonly image_id: number | null;
};

/** A row as the details of an image found; undefined if a left join found none. */
export function foundDetailOfRow(row: FoundRow): FoundDetail | undefined {
  return row.image_id === null ? undefined : foundDetail(row);
}

function foundDetail(row: Omit<FoundRow, "image_id">): FoundDetail {
  return {
    startTime: row.start_time,
    stopTime: row.stop_time,
    exposure: row.exposure,
    filter: row.filter,
    corners: cornersOfText(row.corners),
  };
}

/** Corners in their stored form. */
export function textOfCorners(corners: SkyCorners | null): string | null {
  return corners === null ? null : JSON.stringify(corners);
}

/** Corners from their stored form. */
export function cornersOfText(text: string | null): SkyCorners | null {
  return text === null ? null : (JSON.parse(text) as SkyCorners);
}
