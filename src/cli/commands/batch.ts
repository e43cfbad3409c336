import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { openCatalog } from "../../catalog/open-catalog.ts";
import { installedVersion } from "../../cluster/installed-version.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { SisError } from "../../errors/sis-error.ts";
import { isSystemError, systemReason } from "../../errors/system-reason.ts";
import { batchOptions, batchQuery } from "../../http/batch/batch-options.ts";
import { batchId } from "../../moving-objects/batch-request.ts";
import type { BatchRow } from "../../moving-objects/batch-row.ts";
import { findFrames } from "../../moving-objects/find-frames.ts";
import { makeRow } from "../../moving-objects/make/make-row.ts";
import type { ObjectList } from "../../moving-objects/object-row.ts";
import { type BatchPlan, planBatch } from "../../moving-objects/plan-batch.ts";
import { readList } from "../../moving-objects/read-list.ts";
import { createProductService } from "../../products/product-service.ts";
import { BatchFolder } from "../batch/batch-folder.ts";
import { type StackFile, stackFiles, writeStacks } from "../batch/batch-stacks.ts";
import { say, warn } from "../run-command.ts";
import { TaskProgress } from "../task-progress.ts";

interface BatchCommand {
  readonly out?: string;
  readonly format: readonly string[];
  readonly size?: string;
  readonly pixels?: string;
  readonly align?: true;
  readonly marks?: string;
  readonly center?: string;
  readonly images?: string;
  readonly find?: string;
  readonly uncTheta?: string;
  readonly option: Readonly<Record<string, readonly string[]>>;
  /** Bare, it is true. */
  readonly stack: readonly string[] | true;
  readonly blink: readonly string[] | true;
  readonly dryRun?: true;
}

const repeated = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const parametersOf = (given: readonly string[] | true) => (given === true ? [""] : given);

function named(
  text: string,
  before: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const [name = "", ...rest] = text.split("=");
  if (rest.length === 0 || name === "") throw new InvalidArgumentError("Use NAME=VALUE.");
  return { ...before, [name]: [...(before[name] ?? []), rest.join("=")] };
}

/** `sbnsis batch`: cutouts of a list of moving objects into a directory, without a server. */
export function addBatch(program: Command): void {
  program
    .command("batch")
    .description(
      "make a cutout of every row of a list of moving objects (CATCH or other JSON, CSV, TSV, VOTable, ADES, MPC, Horizons); run it again to resume",
    )
    .argument("<list>", "file with the list, or - for standard input")
    .option("--out <directory>", "where to write files and manifest (default: batch-ID)")
    .option("--format <format>", "fits, jpeg or png; repeatable (default: fits)", repeated, [])
    .option("--size <size>", "size of the cutouts, such as 5arcmin or 64px (default: 5arcmin)")
    .option("--pixels <n>", "side of the cutouts in pixels, instead of --size")
    .option("--align", "pictures: north up and east left")
    .option("--marks <names>", "pictures: object,ellipse,trail,motion,sun,velocity,north,scale")
    .option("--center <what>", "position, or exposure: carried to the middle of the exposure")
    .option("--images <which>", "science, difference or both")
    .option("--find <how>", "time or ephemeris: how frames of rows without one are found")
    .option("--unc-theta <meaning>", "theta or pa: meaning of unc_theta of CATCH (default: theta)")
    .option(
      "--option <name=value>",
      "any other option of GET /images, such as stretch=asinh or pack=rice; repeatable",
      named,
      {},
    )
    .option(
      "--stack [parameters]",
      "also stack the frames: parameters as in the address of stack.fits, such as combine=mean&size=121px, and format=fits, png or jpeg; repeatable",
      repeated,
      [],
    )
    .option(
      "--blink [parameters]",
      "also make an animation: parameters as in the address of blink.png, and format=png, gif or webp; repeatable",
      repeated,
      [],
    )
    .option("--dry-run", "print the interpreted rows as JSON without making anything")
    .action(async (list: string, options: BatchCommand) => {
      try {
        await run(list, options);
      } catch (error) {
        warn(`sbnsis batch: ${reasonOf(error)}`);
        if (!(error instanceof SisError || isSystemError(error))) warn((error as Error).stack ?? "");
        process.exitCode = 2;
      }
    });
}

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  return error.path === undefined ? systemReason(error) : `${error.path}: ${systemReason(error)}`;
}

/** The options as a query of POST /batch. */
function queryOf(options: BatchCommand): Readonly<Record<string, readonly string[]>> {
  const { size, pixels, align, marks, center, images, find, uncTheta: unc_theta, format, option } = options;
  const single = { size, pixels, marks, center, images, find, unc_theta, ...(align && { align: "true" }) };
  const given = Object.entries(single).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value]]],
  );
  return { ...option, ...Object.fromEntries(given), ...(format.length > 0 && { format }) };
}

/** Exit status 0: all rows were made; 1: some failed. Errors: nothing could be done. */
async function run(path: string, command: BatchCommand): Promise<void> {
  const settings = loadSettings(process.cwd());
  const query = queryOf(command);
  const { unc_theta: uncTheta = "theta" } = batchQuery(query);
  const stacks = stackFiles(parametersOf(command.stack), parametersOf(command.blink));
  const limits = {
    rows: settings.batch.rows,
    pixels: Number.MAX_VALUE,
    side: settings.products.maximumCutoutSize,
  };
  const list = readList(readFileSync(path === "-" ? 0 : path), "", { maximumRows: limits.rows, uncTheta });
  const options = batchOptions(query, list);
  const catalog = await openCatalog(settings.database);
  try {
    const plan = await planBatch(await findFrames(catalog, list.rows, options, limits.rows), options, limits);
    if (command.dryRun) {
      say(
        JSON.stringify({ form: list.form, target: list.target, notes: list.notes, rows: plan.rows }, null, 1),
      );
      return;
    }
    for (const note of list.notes) warn(note);
    const id = batchId({ target: list.target, options, rows: list.rows });
    const folder = BatchFolder.open(command.out ?? `batch-${id}`, id);
    await make({ settings, catalog, list, options, plan, folder, id, stacks });
  } finally {
    await catalog.close();
  }
}

interface Work {
  readonly settings: Settings;
  readonly catalog: Awaited<ReturnType<typeof openCatalog>>;
  readonly list: ObjectList;
  readonly options: ReturnType<typeof batchOptions>;
  readonly plan: BatchPlan;
  readonly folder: BatchFolder;
  readonly id: string;
  readonly stacks: readonly StackFile[];
}

async function make({ settings, catalog, list, options, plan, folder, id, stacks }: Work): Promise<void> {
  const products = createProductService({
    settings,
    catalog,
    version: installedVersion(),
    idleThreads: 0,
    warn,
  });
  const progress = new TaskProgress();
  const missing = plan.items.filter(({ n }) => !folder.isDone(n));
  let done = plan.items.length - missing.length;
  const tools = {
    catalog,
    products,
    maximumCutoutSize: settings.products.maximumCutoutSize,
    take: folder.write,
  };
  let next = 0;
  const takeRows = async () => {
    while (next < missing.length) {
      const row = missing[next++]!;
      folder.add((await makeRow(row, options, tools)).row);
      done += 1;
      progress.update(done, plan.items.length, "rows made");
    }
  };
  let rows: readonly BatchRow[] = [];
  let areStacked = true;
  try {
    // one row is read and encoded while the thread makes the other
    await Promise.all(Array.from({ length: settings.products.computeThreads + 1 }, takeRows));
    progress.end();
    rows = folder.finish(plan.rows);
    const { target } = list;
    areStacked = await writeStacks(stacks, { id, target, size: options.size, rows }, products, folder);
  } finally {
    progress.end();
    await products.close();
  }
  const failed = rows.filter(({ status }) => status !== "done");
  for (const { n, code, detail } of failed.slice(0, 20)) warn(`row ${n}: ${code}: ${detail}`);
  if (failed.length > 20) warn(`and ${failed.length - 20} more rows; see manifest.csv`);
  say(`${rows.length - failed.length} of ${rows.length} rows made in ${folder.path}`);
  if (failed.length > 0 || !areStacked) process.exitCode = 1;
}
