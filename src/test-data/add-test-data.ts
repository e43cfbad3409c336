import { join } from "node:path";
import { pixelScales, pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { SisError } from "../errors/sis-error.ts";
import { removeFiles } from "./delete-test-data.ts";
import type { FrameDesign, MadeSurvey } from "./frame-design.ts";
import { type MadeSet, readManifest, writeManifest } from "./manifest.ts";
import { mixedSeed } from "./random.ts";
import { MADE_SURVEYS, madeSurvey } from "./surveys/registry.ts";
import { writeTextFile } from "./write-file.ts";
import { writeFrame } from "./write-frame.ts";

/** Maximum number of frames of a kind. */
export const MOST_FRAMES = 10_000;
const STARS = "stars.csv";

/** What test data are made. */
export interface TestDataOptions {
  /** Folder of the test data; created if missing. */
  readonly directory: string;
  /** `sky`, or the survey to imitate; defaults to the sky and a few frames of every survey. */
  readonly survey?: string;
  /** Frames of each kind; defaults to 400 of the sky, a few of each survey. */
  readonly frames?: number;
  /** Frames as large as those of the survey; defaults to small ones. */
  readonly fullSize?: boolean;
  /** The same seed gives the same files, byte by byte. Defaults to 1. */
  readonly seed?: number;
  /** Called before the first frame of each kind and after each frame. */
  readonly onProgress?: (progress: TestDataProgress) => void;
  readonly signal?: AbortSignal;
}

/** Progress: frames made, of the total. */
interface TestDataProgress {
  /** The kind of the last frame. */
  readonly survey: string;
  readonly made: number;
  readonly total: number;
}

/** A frame that was made. */
export interface MadeFrame {
  readonly survey: string;
  readonly lid: string;
  /** Absolute path of the data file. */
  readonly path: string;
  /** ICRS position and half side of the frame, degrees. */
  readonly ra: number;
  readonly dec: number;
  readonly halfSide: number;
}

/**
 * Makes test data: FITS files with their labels, a list `stars.csv` of the stars of each survey
 * (ID, ra, dec in degrees, peak), and a list of all files made, which deleteTestData uses. An
 * existing set of the same kind is replaced.
 * Errors: USAGE for an unknown survey or an invalid number of frames, the signal's reason, those of
 * the file system.
 */
export async function addTestData(options: TestDataOptions): Promise<readonly MadeFrame[]> {
  const surveys = options.survey === undefined ? MADE_SURVEYS : [madeSurvey(options.survey)];
  const total = surveys.reduce((sum, survey) => sum + framesOf(survey, options), 0);
  const made: MadeFrame[] = [];
  for (const survey of surveys) {
    const before = made.length;
    const onFrame = (done: number) =>
      options.onProgress?.({ survey: survey.name, made: before + done, total });
    onFrame(0);
    made.push(...(await addSet(survey, options, onFrame)));
  }
  return made;
}

function framesOf(survey: MadeSurvey, options: TestDataOptions): number {
  const usual = options.survey === undefined ? survey.defaultFrames : survey.usualFrames;
  return options.frames ?? usual;
}

async function addSet(
  survey: MadeSurvey,
  options: TestDataOptions,
  onFrame: (done: number) => void,
): Promise<readonly MadeFrame[]> {
  const { directory, seed = 1, fullSize = false, signal } = options;
  const frames = framesOf(survey, options);
  if (!Number.isInteger(frames) || frames < 1 || frames > MOST_FRAMES) {
    throw new SisError("USAGE", `invalid number of frames: ${frames}; allowed: 1 to ${MOST_FRAMES}`);
  }
  const designs = Array.from({ length: frames }, (_, index) => survey.frame({ index, seed, fullSize }));
  const hasStars = designs.some(({ pixels }) => pixels.kind === "stars");
  const files = [
    ...designs.flatMap((design) => pathsOf(survey, design)),
    ...(hasStars ? [`${survey.folder}/${STARS}`] : []),
    ...(survey.list === undefined ? [] : [`${survey.folder}/${survey.list.name}`]),
  ];
  const set: MadeSet = { survey: survey.name, seed, fullSize, frames, complete: false, files };
  await begin(directory, set);
  const made: MadeFrame[] = [];
  const stars: string[] = ["ID,ra,dec,peak"];
  const folder = join(directory, survey.folder);
  for (const [index, design] of designs.entries()) {
    signal?.throwIfAborted();
    const written = await writeFrame(design, folder, mixedSeed(survey.name, index, seed, "pixels"), signal);
    for (const { ra, dec, peak } of written.stars) {
      stars.push(`${design.label.lid},${ra.toFixed(8)},${dec.toFixed(8)},${peak.toFixed(1)}`);
    }
    made.push(madeFrame(survey, design, folder, written.wcs));
    onFrame(index + 1);
  }
  if (hasStars) await writeTextFile(join(folder, STARS), `${stars.join("\n")}\n`);
  const { list } = survey;
  if (list !== undefined) await writeTextFile(join(folder, list.name), list.textOf(frames));
  const sets = await readManifest(directory);
  const complete = sets.map((each) => (each.survey === set.survey ? { ...each, complete: true } : each));
  await writeManifest(directory, complete);
  return made;
}

/** Records what will be made, and deletes the other files of an earlier set of the kind. */
async function begin(directory: string, set: MadeSet): Promise<void> {
  const sets = await readManifest(directory);
  const kept = sets.filter(({ survey }) => survey !== set.survey);
  const files = new Set(set.files);
  const old = sets.filter(({ survey }) => survey === set.survey).flatMap((each) => each.files);
  await removeFiles(
    directory,
    old.filter((file) => !files.has(file)),
  );
  await writeManifest(directory, [...kept, set]);
}

function pathsOf({ folder }: MadeSurvey, design: FrameDesign): string[] {
  const base = `${folder}/${design.folder}`;
  return [`${base}/${design.storedName}`, `${base}/${design.labelName}`];
}

function madeFrame(
  { name }: MadeSurvey,
  { label, width, height, folder: below, storedName }: FrameDesign,
  folder: string,
  wcs: Wcs,
): MadeFrame {
  const centre = pixelToIcrs(wcs, (width - 1) / 2, (height - 1) / 2);
  if (centre === undefined) throw new SisError("WCS_INVALID", `${label.lid} has no position on the sky`);
  const halfSide = (Math.min(width, height) / 2) * Math.min(...pixelScales(wcs));
  return { survey: name, lid: label.lid, path: join(folder, below, storedName), ...centre, halfSide };
}
