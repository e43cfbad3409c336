import { createInterface } from "node:readline/promises";
import type { WritableCatalog } from "../../catalog/writable-catalog.ts";
import { setNodeName } from "../../concurrency/process-identity.ts";
import { loadSettings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";
import { isSystemError, systemReason } from "../../errors/system-reason.ts";
import { LabelCounter } from "../../harvest/find/walk-labels.ts";
import { type HarvestSummary, harvest } from "../../harvest/harvest.ts";
import { Inventory } from "../../harvest/inventory.ts";
import { pruneImages } from "../../harvest/prune-images.ts";
import { openTables } from "../open-tables.ts";
import { runCommand, say, warn } from "../run-command.ts";
import { type AddOptions, addProgram, harvestOptions } from "./add-options.ts";
import { type HarvestLog, openHarvestLog } from "./harvest-log.ts";
import { HarvestReport } from "./harvest-report.ts";

/** The last line is specified word for word: operators' scripts parse it. */
function lastLine({ directories, labels, processed }: HarvestSummary): string {
  return `Searched ${directories} directories, found ${labels} labels, ${processed} processed.`;
}

function exitStatus({ labels, outcomes: { failed, conflict } }: HarvestSummary, isPruned: boolean): number {
  if (failed > 0 && labels === 0) return 2;
  return failed + conflict > 0 || !isPruned ? 1 : 0;
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

/** What a run has opened, and its progress. */
interface Run {
  catalog?: WritableCatalog;
  report?: HarvestReport;
  log?: HarvestLog;
  soFar?: () => HarvestSummary;
}

/** Errors: those of harvest, report, inventories and database. */
async function addTo(run: Run, paths: readonly string[], options: AddOptions): Promise<void> {
  if (options.inventory.length > 0 && options.since !== undefined) {
    throw new SisError("OPERATION_FAILED", "--inventory needs all labels, so it cannot be used with --since");
  }
  const what = harvestOptions(paths, options);
  const report = new HarvestReport({ ...options, counter: new LabelCounter(paths, what) });
  run.report = report;
  const inventory = options.inventory.length === 0 ? undefined : await Inventory.read(options.inventory);
  if (options.dryRun !== true) {
    const settings = loadSettings(process.cwd());
    setNodeName(settings.cluster.nodeName);
    run.catalog = await openTables(settings, { create: options.create });
    const { baseUrl, update, recursive } = what;
    const prunes = options.prune ?? false;
    const record = { paths: what.paths, base_url: baseUrl, recursive, update, prune: prunes };
    run.log = openHarvestLog(settings.log.file, record);
  }
  const summary = await harvest(run.catalog, what, (event, state) => {
    run.soFar = state;
    report.take(event, state);
    const finding = inventory?.take(event);
    if (finding !== undefined) report.takeFinding(finding);
  });
  run.soFar = () => summary;
  report.finish(summary);
  if (inventory !== undefined) {
    for await (const finding of inventory.missing()) report.takeFinding(finding);
    report.finishInventory();
  }
  report.flush();
  const isPruned =
    options.prune !== true || run.catalog === undefined || (await prune(run.catalog, options, paths));
  say(lastLine(summary));
  process.exitCode = exitStatus(summary, isPruned);
  run.log?.end(process.exitCode, summary);
}

/**
 * Reports why a run ended early, and what it committed until then, as at the end of a complete run.
 */
function reportFailure({ report, log, soFar }: Run, error: unknown): void {
  const reason = reasonOf(error);
  report?.endLine();
  warn(`sbnsis-add: ${reason}`);
  if (!(error instanceof SisError || isSystemError(error))) warn((error as Error).stack ?? "");
  process.exitCode = 2;
  try {
    report?.flush();
  } catch (second) {
    warn(`sbnsis-add: ${reasonOf(second)}`);
  }
  const summary = soFar?.();
  log?.end(2, summary, reason);
  if (summary === undefined) return;
  report?.finish(summary);
  say(lastLine(summary));
}

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  return error.path === undefined ? systemReason(error) : `${error.path}: ${systemReason(error)}`;
}

/**
 * Loads labels into the database. Exit status 0: all succeeded; 1: labels failed or conflict, or a
 * prune was refused; 2: nothing could be done.
 */
async function add(paths: readonly string[], options: AddOptions): Promise<void> {
  const run: Run = {};
  try {
    await addTo(run, paths, options);
  } catch (error) {
    reportFailure(run, error);
  } finally {
    run.report?.close();
    await run.catalog?.close();
    await run.log?.close();
  }
}

/** The program `sbnsis-add`; the database comes from `.env` in the working directory. */
export async function runSbnsisAdd(argv: readonly string[]): Promise<void> {
  await runCommand(addProgram(add), argv);
}

/** Asks a yes-or-no question on the terminal; without a terminal the answer is no. */
async function confirmOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // end of input counts as no
    const ended = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
