import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { type ImageLabel, readLabel, surveyProfile } from "@sbnsis/pds4";
import type { ImageRecord } from "../../catalog/catalog.ts";
import type { HarvestedImage } from "../../catalog/image-writer.ts";
import { valuesOfLabel } from "../../catalog/model/image.ts";
import { isSisError } from "../../errors/sis-error.ts";
import { systemReason } from "../../errors/system-reason.ts";
import { type LocationRule, locationUrl } from "../location-url.ts";
import { readLabelFile } from "./label-file.ts";

/** The outcome of a label file. Plain data: it crosses threads. */
export type ReadOutcome =
  | {
      readonly kind: "image";
      readonly path: string;
      readonly image: HarvestedImage;
      /** Whether the data file is next to the label. */
      readonly fileFound: boolean;
      readonly dataPath: string;
      /**
       * Set when the lengths of the axes must be read from the headers of the file, which exists.
       */
      readonly hasWrongAxes?: boolean;
      /** A warning about a label that is nevertheless valid. */
      readonly remark?: string;
    }
  | {
      readonly kind: "skipped" | "failed";
      readonly path: string;
      readonly reason: string;
      /** LID and version_id of a skipped product, if the label states them. */
      readonly lid?: string;
      readonly version?: string;
    };

/** Size of a regular file in bytes; undefined if there is none. */
function fileSize(path: string): number | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    return status?.isFile() === true ? status.size : undefined;
  } catch {
    return undefined;
  }
}

interface DataFile {
  readonly path: string;
  readonly found: boolean;
  /** Bytes of the file as it is served. */
  readonly size: number | undefined;
}

function findDataFile(path: string, label: ImageLabel): DataFile {
  const profile = surveyProfile(label.lid);
  const folder = dirname(path).replace(/\/$/, "");
  for (const name of profile.dataFileNames(label)) {
    const candidate = `${folder}/${name}`;
    const size = fileSize(candidate);
    if (size !== undefined) return { path: candidate, found: true, size };
  }
  const name = profile.archivedName(label);
  // the size in the label is that of the file before compression
  const size = name === label.file.name ? label.file.size : undefined;
  return { path: `${folder}/${name}`, found: false, size };
}

/** The digest that distinguishes labels. */
function digestOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64url").slice(0, 22);
}

/** Reads the label at the absolute `path`. Never throws: a problem with a label is an outcome. */
function readImage(path: string, rule: LocationRule): ReadOutcome {
  try {
    const { bytes, stamp } = readLabelFile(path);
    const label = readLabel(bytes);
    const profile = surveyProfile(label.lid);
    const reason = profile.reasonToSkip(label);
    if (reason !== undefined)
      return { kind: "skipped", path, reason, lid: label.lid, version: label.versionId };
    const data = findDataFile(path, label);
    const record: ImageRecord = {
      ...valuesOfLabel("image", label),
      pixelScale: profile.pixelScale(label) ?? null,
      imageUrl: locationUrl(data.path, rule),
      labelUrl: locationUrl(path, rule),
    };
    const hasWrongAxes = profile.hasWrongAxes(label);
    const [axis1 = null, axis2 = null] = hasWrongAxes ? [] : (label.file.axes ?? []);
    const detail = {
      ...valuesOfLabel("image_detail", label),
      labelDigest: digestOf(bytes),
      fileSize: data.size ?? null,
      axis1,
      axis2,
    };
    const image = { record, detail, stamp };
    return {
      kind: "image",
      path,
      image,
      fileFound: data.found,
      dataPath: data.path,
      ...(hasWrongAxes && data.found && { hasWrongAxes }),
    };
  } catch (error) {
    const reason = systemReason(error);
    if (!isSisError(error, "LABEL_SKIPPED")) return { kind: "failed", path, reason };
    const { lid, version } = error.details;
    return {
      kind: "skipped",
      path,
      reason,
      ...(typeof lid === "string" && { lid }),
      ...(typeof version === "string" && { version }),
    };
  }
}

/** A task of a harvest thread. */
export interface ReadTask {
  readonly paths: readonly string[];
  readonly rule: LocationRule;
  /** Whether images without corners in their label get those of their FITS headers. */
  readonly footprints: boolean;
}

/** Reads several labels at once; returns the outcomes in order of the paths. */
export function readImages({ paths, rule }: Pick<ReadTask, "paths" | "rule">): readonly ReadOutcome[] {
  return paths.map((path) => readImage(path, rule));
}
