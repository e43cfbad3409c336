import { SisError } from "../errors/sis-error.ts";
import { type FileSource, openFileSource } from "../storage/file-source.ts";
import type { LocalFile } from "../storage/local-file.ts";

/**
 * Opens a file for `work`, makes sure before and after it that the file is in the state that `file` tells, and closes it.
 * Errors: SOURCE_CHANGED when it is not, so that nothing is ever made of two states; SOURCE_MISSING, SOURCE_UNREADABLE, those of `work`.
 */
export async function withSource<T>(file: LocalFile, work: (source: FileSource) => Promise<T>): Promise<T> {
  const source = openFileSource(file.path);
  try {
    check(source, file);
    const result = await work(source);
    check(source, file);
    return result;
  } finally {
    source.close();
  }
}

function check(source: FileSource, { size, mtimeMs }: LocalFile): void {
  const now = source.current();
  if (now.size !== size || now.mtimeMs !== mtimeMs) {
    throw new SisError(
      "SOURCE_CHANGED",
      `the file had ${size} bytes when it was described and has ${now.size} now, or was written to`,
    );
  }
}
