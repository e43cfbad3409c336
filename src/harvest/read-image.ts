import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ImageDetail, ImageRecord } from "../catalog/catalog.ts";
import type { HarvestedImage } from "../catalog/image-writer.ts";
import { isSisError, SisError } from "../errors/sis-error.ts";
import { type ImageLabel, MAXIMUM_LABEL_BYTES, readLabel } from "../pds4/label.ts";
import { surveyProfile } from "../pds4/surveys/registry.ts";
import { type LocationRule, locationUrl } from "./location-url.ts";

/** What a label file came to. Plain data: it crosses threads. */
export type ReadOutcome =
  | {
      readonly kind: "image";
      readonly path: string;
      readonly image: HarvestedImage;
      /** Whether the data file lies beside the label. */
      readonly fileFound: boolean;
    }
  | { readonly kind: "skipped" | "failed"; readonly path: string; readonly reason: string };

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size > MAXIMUM_LABEL_BYTES) {
      throw new SisError(
        "LABEL_INVALID",
        `the file has ${size} bytes; labels have at most ${MAXIMUM_LABEL_BYTES}`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function findDataFile(path: string, label: ImageLabel): Promise<{ path: string; found: boolean }> {
  const profile = surveyProfile(label.lid);
  const folder = dirname(path);
  for (const name of profile.dataFileNames(label)) {
    const candidate = join(folder, name);
    if (await isFile(candidate)) return { path: candidate, found: true };
  }
  return { path: join(folder, profile.archivedName(label)), found: false };
}

function detailOf(label: ImageLabel, bytes: Uint8Array): ImageDetail {
  return {
    versionId: label.versionId,
    labelDigest: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
    title: label.title ?? null,
    startTime: label.startTime ?? null,
    stopTime: label.stopTime ?? null,
    startMjd: label.startMjd ?? label.stopMjd ?? null,
    stopMjd: label.stopMjd ?? label.startMjd ?? null,
    exposure: label.exposureSeconds ?? null,
    filter: label.filter ?? null,
    fieldId: label.fieldId ?? null,
    limitingMagnitude: label.limitingMagnitude ?? null,
    corners: label.corners ?? null,
    md5: label.file.md5 ?? null,
    fileSize: label.file.size ?? null,
  };
}

/** Reads the label at the absolute `path`. Never rejects: what is wrong with a label is an outcome. */
async function readImage(path: string, rule: LocationRule): Promise<ReadOutcome> {
  try {
    const bytes = await readBytes(path);
    const label = readLabel(bytes);
    const profile = surveyProfile(label.lid);
    const reason = profile.reasonToSkip(label);
    if (reason !== undefined) return { kind: "skipped", path, reason };
    const data = await findDataFile(path, label);
    const record: ImageRecord = {
      obsId: label.lid,
      collection: label.collection,
      facility: label.facility,
      instrument: label.instrument,
      dataProductType: "image",
      calibrationLevel: label.calibrationLevel ?? null,
      target: label.target ?? null,
      pixelScale: profile.pixelScale(label) ?? null,
      imageUrl: locationUrl(data.path, rule),
      labelUrl: locationUrl(path, rule),
    };
    return { kind: "image", path, image: { record, detail: detailOf(label, bytes) }, fileFound: data.found };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: isSisError(error, "LABEL_SKIPPED") ? "skipped" : "failed", path, reason };
  }
}

/** A task of a harvest thread. */
export interface ReadTask {
  readonly paths: readonly string[];
  readonly rule: LocationRule;
}

/** Reads several labels at once; the outcomes are in the order of the paths. */
export async function readImages({ paths, rule }: ReadTask): Promise<readonly ReadOutcome[]> {
  const outcomes: ReadOutcome[] = [];
  for (const path of paths) outcomes.push(await readImage(path, rule));
  return outcomes;
}
