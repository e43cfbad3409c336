import { surveyProfile } from "@sbnsis/pds4";
import { openFileSource } from "../../archive/file-source.ts";
import { describeFrame, type FrameDescription } from "../../products/frame-description.ts";
import type { ReadOutcome } from "./read-image.ts";

type ReadImage = Extract<ReadOutcome, { kind: "image" }>;

/** Describes a FITS file from its headers alone. Errors: those of `describeFrame`. */
async function describeFile(path: string, lid: string): Promise<FrameDescription> {
  const source = openFileSource(path);
  try {
    const file = { location: path, identity: source.identity };
    return await describeFrame(source, file, surveyProfile(lid).imageHdu);
  } finally {
    source.close();
  }
}

function withAxes(read: ReadImage, { naxis: [axis1, axis2] }: FrameDescription): ReadImage {
  const { image } = read;
  return { ...read, image: { ...image, detail: { ...image.detail, axis1, axis2 } } };
}

function withCorners(read: ReadImage, { sky }: FrameDescription): ReadImage {
  const [a, b, c, d] = sky?.footprint ?? [];
  const { image } = read;
  return a && b && c && d
    ? { ...read, image: { ...image, detail: { ...image.detail, corners: [a, b, c, d] } } }
    : { ...read, remark: "no footprint: the headers have no position on the sky" };
}

async function completed(outcome: ReadOutcome, footprints: boolean): Promise<ReadOutcome> {
  if (outcome.kind !== "image" || !outcome.fileFound) return outcome;
  const { image, dataPath, hasWrongAxes = false } = outcome;
  const needsCorners = footprints && (image.detail.corners ?? null) === null;
  if (!needsCorners && !hasWrongAxes) return outcome;
  try {
    const frame = await describeFile(dataPath, image.record.obsId);
    const measured = hasWrongAxes ? withAxes(outcome, frame) : outcome;
    return needsCorners ? withCorners(measured, frame) : measured;
  } catch (error) {
    const missing = needsCorners ? "no footprint" : "no size";
    return { ...outcome, remark: `${missing}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Adds what labels lack from the headers of their FITS files: the axes of images whose labels state
 * wrong ones, and, if `footprints`, corners where the label has none. A remark says why something
 * could not be added.
 */
export async function addFromHeaders(
  outcomes: readonly ReadOutcome[],
  footprints: boolean,
): Promise<readonly ReadOutcome[]> {
  const complete: ReadOutcome[] = [];
  for (const outcome of outcomes) complete.push(await completed(outcome, footprints));
  return complete;
}
