import { type Command, InvalidArgumentError, Option } from "commander";
import type { WritableCatalog } from "../../catalog/writable-catalog.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { addTestData, MOST_FRAMES } from "../../test-data/add-test-data.ts";
import { deleteTestData, labelsOfTestData, testDataExists } from "../../test-data/delete-test-data.ts";
import { SURVEY_NAMES } from "../../test-data/surveys/registry.ts";
import { say, warn } from "../run-command.ts";
import { TaskProgress } from "../task-progress.ts";
import { addTestRows, deleteTestRows, openForTestRows, openToDeleteRows } from "./test-data-rows.ts";

interface TestDataCommand {
  readonly add?: boolean;
  readonly exists?: boolean;
  readonly delete?: boolean;
  readonly survey?: string;
  readonly frames?: number;
  readonly fullSize?: boolean;
  readonly seed?: number;
  /** False after `--no-catalog`. */
  readonly catalog: boolean;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use a number from ${least} to ${most}.`);
  };
}

/** `sbnsis test-data`: creates, lists or deletes the test data in TEST_DATA_PATH. */
export function addTestDataCommand(program: Command): void {
  const names = SURVEY_NAMES;
  program
    .command("test-data")
    .description(
      "create or delete the test data set: frames whose pixels are their own sky positions, and survey look-alikes",
    )
    .addOption(
      new Option("--add", "create it in TEST_DATA_PATH and add it to the catalog").conflicts([
        "exists",
        "delete",
      ]),
    )
    .addOption(
      new Option("--exists", "exit with status 0 if it exists, otherwise 1").conflicts(["add", "delete"]),
    )
    .addOption(
      new Option("--delete", "delete the files and rows that --add created, nothing else").conflicts([
        "add",
        "exists",
      ]),
    )
    .addOption(new Option("--survey <name>", "only this survey").choices(names))
    .addOption(
      new Option("--frames <n>", "number of frames per survey").argParser(wholeNumber(1, MOST_FRAMES)),
    )
    .option("--full-size", "frames of the size of the real survey instead of small ones")
    .addOption(
      new Option("--seed <n>", "random seed; the same seed gives the same files").argParser(
        wholeNumber(0, 2 ** 31),
      ),
    )
    .option("--no-catalog", "only the files: leave the catalog as it is")
    .action(async (options: TestDataCommand, command: Command) => {
      const settings = loadSettings(process.cwd());
      if (options.add) await add(settings, options);
      else if (options.exists) await reportExisting(settings.testData.folder, options.survey);
      else if (options.delete) await remove(settings, options.catalog);
      else command.error("error: use one of --add, --exists, --delete");
    });
}

async function reportExisting(directory: string, survey: string | undefined): Promise<void> {
  const there = await testDataExists(directory, survey);
  say(there ? `the test data set is in ${directory}` : `there is no complete test data set in ${directory}`);
  if (!there) process.exitCode = 1;
}

async function add(
  settings: Settings,
  { survey, frames, fullSize, seed, catalog: hasRows }: TestDataCommand,
): Promise<void> {
  const directory = settings.testData.folder;
  // a database that does not respond is detected before the frames are made
  const catalog = hasRows ? await openForTestRows(settings) : undefined;
  const progress = new TaskProgress();
  try {
    if (catalog !== undefined) await deleteTestRows(catalog, await labelsOfTestData(directory));
    const made = await addTestData({
      directory,
      ...(survey === undefined ? {} : { survey }),
      ...(frames === undefined ? {} : { frames }),
      ...(fullSize === undefined ? {} : { fullSize }),
      ...(seed === undefined ? {} : { seed }),
      onProgress: ({ survey: name, made: done, total }) =>
        progress.update(done, total, `frames made, now ${name}`),
    });
    progress.end();
    say(`${made.length} frames created in ${directory}`);
    if (catalog !== undefined) await addRows(catalog, await labelsOfTestData(directory), progress);
  } finally {
    progress.end();
    await catalog?.close();
  }
}

async function addRows(
  catalog: WritableCatalog,
  labels: readonly string[],
  progress: TaskProgress,
): Promise<void> {
  const { processed, outcomes } = await addTestRows(catalog, labels, (done) =>
    progress.update(done, labels.length, "labels read"),
  );
  progress.end();
  say(`${outcomes.added + outcomes.updated + outcomes.moved} images added to the catalog`);
  const others = labels.length - processed;
  if (others === 0) return;
  warn(
    `${others} labels were not added: the catalog has other images with their identifiers, or they cannot be read`,
  );
  process.exitCode = 1;
}

async function remove(settings: Settings, hasRows: boolean): Promise<void> {
  const directory = settings.testData.folder;
  const labels = await labelsOfTestData(directory);
  const catalog = hasRows && labels.length > 0 ? await openToDeleteRows(settings) : undefined;
  try {
    // rows first: one without files would be served as missing
    const rows = catalog === undefined ? 0 : await deleteTestRows(catalog, labels);
    const files = await deleteTestData(directory);
    say(`${files} test data files deleted in ${directory}, ${rows} rows deleted from the catalog`);
  } finally {
    await catalog?.close();
  }
}
