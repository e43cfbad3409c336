import { type ReadOutcome, type ReadTask, readImages } from "./read-image.ts";

/** What a harvest thread does with each message of `LabelReader`. */
// the thread pool calls the default export of a module, or the one that it is told by name: this one
export function readInThread(task: ReadTask): readonly ReadOutcome[] {
  return readImages(task);
}
