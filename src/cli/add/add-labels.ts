import { openWritableCatalog } from "../../catalog/open-catalog.ts";
import type { WritableCatalog } from "../../catalog/writable-catalog.ts";
import { loadSettings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";
import { LabelCounter } from "../../harvest/count-labels.ts";
import { type HarvestSummary, harvest } from "../../harvest/harvest.ts";
import { Inventory } from "../../harvest/inventory.ts";
import { pruneImages } from "../../harvest/prune-images.ts";
import { runCommand, say, warn } from "../run-command.ts";
import { type AddOptions, addProgram, harvestOptions } from "./add-options.ts";
import { confirmOnTerminal } from "./confirm-on-terminal.ts";
import { HarvestReport } from "./harvest-report.ts";

/** The last line is behaviour.md's own, word by word: operators' scripts read it. */
function lastLine({ directories, labels, processed }: HarvestSummary): string {
  return `Searched ${directories} directories, found ${labels} labels, ${processed} processed.`;
}

function exitStatus({ labels, outcomes: { failed, conflict } }: HarvestSummary, isPruned: boolean): number {
  if (failed > 0 && labels === 0) return 2;
  return failed + conflict > 0 || !isPruned ? 1 : 0;
}

async function openTables(create: boolean): Promise<WritableCatalog> {
  const catalog = await openWritableCatalog(loadSettings(process.cwd()));
  try {
    // a schema that is newer than the code is refused either way
    if (create) await catalog.createTables();
    else await catalog.pendingMigrations();
    return catalog;
  } catch (error) {
    await catalog.close();
    throw error;
  }
}

/** Returns false when the deletion was refused. */
async function prune(
  catalog: WritableCatalog,
  options: AddOptions,
  paths: readonly string[],
): Promise<boolean> {
  const { atMost } = options;
  const what = { ...harvestOptions(paths, options), ...(atMost !== undefined && { atMost }) };
  const { gone, deleted, refusals } = await pruneImages(catalog, what, async (count) =>
    options.yes === true ? true : await confirmOnTerminal(`Rows whose label is gone: ${count}. Delete them?`),
  );
  for (const refusal of refusals) warn(`sbnsis-add: nothing was deleted: ${refusal}`);
  say(`rows whose label is gone: ${gone}, deleted: ${deleted}`);
  return refusals.length === 0;
}

/** Labels into the database. Exit 0: all fine; 1: labels failed or are in conflict, or a prune was refused; 2: nothing could be done. */
async function add(paths: readonly string[], options: AddOptions): Promise<void> {
  let catalog: WritableCatalog | undefined;
  let report: HarvestReport | undefined;
  let soFar: (() => HarvestSummary) | undefined;
  try {
    if (options.inventory.length > 0 && options.since !== undefined) {
      throw new SisError(
        "OPERATION_FAILED",
        "--inventory needs all labels and cannot be combined with --since",
      );
    }
    const what = harvestOptions(paths, options);
    const opened = new HarvestReport({ ...options, counter: new LabelCounter(paths, what) });
    report = opened;
    const inventory = options.inventory.length === 0 ? undefined : await Inventory.read(options.inventory);
    if (options.dryRun !== true) catalog = await openTables(options.create);
    const summary = await harvest(catalog, what, (event, state) => {
      soFar = state;
      opened.take(event, state);
      const finding = inventory?.take(event);
      if (finding !== undefined) opened.takeFinding(finding);
    });
    soFar = undefined;
    opened.finish(summary);
    if (inventory !== undefined) {
      for await (const finding of inventory.missing()) opened.takeFinding(finding);
      opened.finishInventory();
    }
    const isPruned =
      options.prune !== true || catalog === undefined || (await prune(catalog, options, paths));
    say(lastLine(summary));
    process.exitCode = exitStatus(summary, isPruned);
  } catch (error) {
    warn(`sbnsis-add: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof SisError)) warn((error as Error).stack ?? "");
    process.exitCode = 2;
    // what was committed until then stays, and is said as at the end of a whole run
    if (soFar !== undefined) {
      report?.finish(soFar());
      say(lastLine(soFar()));
    }
  } finally {
    report?.close();
    await catalog?.close();
  }
}

/** The program `sbnsis-add`; the database is the one of `.env` in the working directory. */
export async function runSbnsisAdd(argv: readonly string[]): Promise<void> {
  await runCommand(addProgram(add), argv);
}
