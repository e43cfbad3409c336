import { rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { manifestPath, readManifest } from "./manifest.ts";

/**
 * Whether a whole set of test data of this kind (default: of every kind that there is, the sky
 * among them) lies in `directory`, all its files there.
 * Errors: OPERATION_FAILED when its list cannot be understood.
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
 * Takes away the files that addTestData made in `directory`, and folders that are empty then;
 * whatever else lies there stays. Gives the number of files.
 * Errors: OPERATION_FAILED when the list of what was made cannot be understood: then nothing is
 * taken away.
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
 * Takes away files below `directory`, unfinished ones too, and the folders that they leave empty.
 * Gives how many there were.
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
