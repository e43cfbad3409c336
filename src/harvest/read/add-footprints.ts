import { surveyProfile } from "@sbnsis/pds4";
import type { SkyCorners } from "@sbnsis/wcs/internal";
import { openFileSource } from "../../archive/file-source.ts";
import { describeFrame } from "../../products/frame-description.ts";
import type { ReadOutcome } from "./read-image.ts";

/**
 * Corners of the image in a FITS file, from its headers alone. Errors: those of `describeFrame`.
 */
async function cornersOfFile(path: string, lid: string): Promise<SkyCorners | undefined> {
  const source = openFileSource(path);
  try {
    const file = { location: path, identity: source.identity };
    const { sky } = await describeFrame(source, file, surveyProfile(lid).imageHdu);
    const [a, b, c, d] = sky?.footprint ?? [];
    return a && b && c && d ? [a, b, c, d] : undefined;
  } finally {
    source.close();
  }
}

async function withFootprint(outcome: ReadOutcome): Promise<ReadOutcome> {
  if (outcome.kind !== "image" || !outcome.fileFound) return outcome;
  const { image, dataPath } = outcome;
  if ((image.detail.corners ?? null) !== null) return outcome;
  try {
    const corners = await cornersOfFile(dataPath, image.record.obsId);
    if (corners !== undefined)
      return { ...outcome, image: { ...image, detail: { ...image.detail, corners } } };
    return { ...outcome, remark: "no footprint: the headers have no position on the sky" };
  } catch (error) {
    return { ...outcome, remark: `no footprint: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Gives images without corners in their label those of their FITS headers; if there are none
 * either, a remark says why.
 */
export async function addFootprints(outcomes: readonly ReadOutcome[]): Promise<readonly ReadOutcome[]> {
  const complete: ReadOutcome[] = [];
  for (const outcome of outcomes) complete.push(await withFootprint(outcome));
  return complete;
}
