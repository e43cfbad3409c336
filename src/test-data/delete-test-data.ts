import { rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { manifestPath, readManifest } from "./manifest.ts";

/**
 * Whether `directory` contains a complete set of test data of this kind, with all its files.
 * Errors: OPERATION_FAILED when the list of its files cannot be read.
 */
export async function testDataExists(directory: string, survey = "sky"): Promise<boolean> {
  const sets = await readManifest(directory);
  const set = sets.find((each) => each.survey === survey);
  if (set === undefined || !set.complete) return false;
  for (const file of set.files) if (!(await isFile(join(directory, file)))) return false;
  return true;
}

/**
 * Absolute paths of the labels that addTestData made in `directory`. Errors: OPERATION_FAILED when
 * their list cannot be read.
 */
export async function labelsOfTestData(directory: string): Promise<readonly string[]> {
  const sets = await readManifest(directory);
  const files = sets.flatMap((set) => set.files);
  return files.filter((file) => file.endsWith(".xml")).map((file) => join(directory, file));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Deletes the files that addTestData made in `directory`, and folders that become empty; all other
 * files stay. Returns the number of files.
 * Errors: OPERATION_FAILED when the list of what was made cannot be read; nothing is deleted then.
 */
export async function deleteTestData(directory: string): Promise<number> {
  const sets = await readManifest(directory);
  if (sets.length === 0) return 0;
  const count = await removeFiles(
    directory,
    sets.flatMap(({ files }) => files),
  );
  await rm(manifestPath(directory), { force: true });
  await removeEmpty(directory);
  return count;
}

/**
 * Deletes files below `directory`, including unfinished ones, and folders that become empty.
 * Returns how many files there were.
 */
export async function removeFiles(directory: string, files: readonly string[]): Promise<number> {
  const folders = new Set<string>();
  let count = 0;
  for (const file of files) {
    const path = join(directory, file);
    if (await isFile(path)) count++;
    await rm(path, { force: true });
    await rm(`${path}.part`, { force: true });
    for (let folder = dirname(path); folder.length > directory.length; folder = dirname(folder))
      folders.add(folder);
  }
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) await removeEmpty(folder);
  return count;
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "ENOENT" && code !== "EEXIST") throw error;
  }
}
