import { type ReadOutcome, type ReadTask, readImages } from "./read-image.ts";

/** What a harvest thread does with each message of `LabelReader`. */
// the thread pool calls the default export of a module, or the one that it is told by name: this one
export async function readInThread(task: ReadTask): Promise<readonly ReadOutcome[]> {
  const outcomes = readImages(task);
  if (!task.footprints) return outcomes;
  // what reads FITS files is loaded only where it is wanted
  const { addFootprints } = await import("./add-footprints.ts");
  return await addFootprints(outcomes);
}
