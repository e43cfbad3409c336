import { type ReadOutcome, type ReadTask, readImages } from "./read-image.ts";

/** What a harvest thread does with each message of `LabelReader`. */
// the thread pool calls the default export of a module, or a named one: this
export async function readInThread(task: ReadTask): Promise<readonly ReadOutcome[]> {
  const outcomes = readImages(task);
  const needsHeaders = (read: ReadOutcome) => read.kind === "image" && read.hasWrongAxes === true;
  if (!task.footprints && !outcomes.some(needsHeaders)) return outcomes;
  // the code that reads FITS files is loaded only when needed
  const { addFromHeaders } = await import("./add-from-headers.ts");
  return await addFromHeaders(outcomes, task.footprints);
}
