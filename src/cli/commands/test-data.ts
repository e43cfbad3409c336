import { type Command, InvalidArgumentError, Option } from "commander";
import { loadSettings } from "../../config/settings.ts";
import { addTestData, MOST_FRAMES } from "../../test-data/add-test-data.ts";
import { deleteTestData, testDataExists } from "../../test-data/delete-test-data.ts";
import { MADE_SURVEYS } from "../../test-data/surveys/registry.ts";
import { say } from "../run-command.ts";

interface TestDataCommand {
  readonly add?: boolean;
  readonly exists?: boolean;
  readonly delete?: boolean;
  readonly survey?: string;
  readonly frames?: number;
  readonly fullSize?: boolean;
  readonly seed?: number;
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
  const names = MADE_SURVEYS.map(({ name }) => name);
  program
    .command("test-data")
    .description(
      "create or delete the test data set: frames whose pixels are their own sky positions, and survey look-alikes",
    )
    .addOption(new Option("--add", "create it in TEST_DATA_PATH").conflicts(["exists", "delete"]))
    .addOption(
      new Option("--exists", "exit with status 0 if it exists, otherwise 1").conflicts(["add", "delete"]),
    )
    .addOption(
      new Option("--delete", "delete the files that --add created, nothing else").conflicts([
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
    .action(async (options: TestDataCommand, command: Command) => {
      const directory = loadSettings(process.cwd()).TEST_DATA_PATH;
      if (options.add) await add(directory, options);
      else if (options.exists) await reportExisting(directory, options.survey);
      else if (options.delete)
        say(`${await deleteTestData(directory)} test data files deleted in ${directory}`);
      else command.error("error: use one of --add, --exists, --delete");
    });
}

async function reportExisting(directory: string, survey: string | undefined): Promise<void> {
  const there = await testDataExists(directory, survey);
  say(there ? `the test data set is in ${directory}` : `there is no complete test data set in ${directory}`);
  if (!there) process.exitCode = 1;
}

async function add(directory: string, { survey, frames, fullSize, seed }: TestDataCommand): Promise<void> {
  const showsProgress = process.stderr.isTTY === true;
  const made = await addTestData({
    directory,
    ...(survey === undefined ? {} : { survey }),
    ...(frames === undefined ? {} : { frames }),
    ...(fullSize === undefined ? {} : { fullSize }),
    ...(seed === undefined ? {} : { seed }),
    onProgress: (progress) => {
      if (showsProgress)
        process.stderr.write(`\r${progress.survey}: ${progress.made} of ${progress.total}  `);
    },
  });
  if (showsProgress) process.stderr.write("\r\u001b[K");
  say(`${made.length} frames created in ${directory}`);
}
