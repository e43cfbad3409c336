import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { mjdOfTime, unixMsOfMjd } from "@sbnsis/pds4";
import { Command, InvalidArgumentError } from "commander";
import { installedVersion } from "../../cluster/installed-version.ts";
import { type HarvestOptions, LABEL_EXTENSIONS } from "../../harvest/harvest.ts";
import { isBaseUrl } from "../../harvest/location-url.ts";
import type { PruneLimit } from "../../harvest/prune-images.ts";

/** The options of `sbnsis-add` as commander gives them. */
export interface AddOptions {
  readonly recursive?: boolean;
  readonly extension: readonly string[];
  /** False after `--no-create`. */
  readonly create: boolean;
  readonly baseUrl: string;
  readonly stripLeading: string;
  readonly verbose?: boolean;
  readonly dryRun?: boolean;
  readonly since?: number;
  readonly jobs: number;
  readonly report?: string;
  readonly footprintsFromImages?: boolean;
  readonly inventory: readonly string[];
  readonly update?: boolean;
  readonly prune?: boolean;
  readonly atMost?: PruneLimit;
  readonly yes?: boolean;
}

function extension(text: string, before: readonly string[]): readonly string[] {
  if (!/^\.?[^/.\s][^/\s]*$/.test(text)) throw new InvalidArgumentError("Use an extension such as .lblx.");
  return [...before, text.startsWith(".") ? text : `.${text}`];
}

function jobs(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 64)
    throw new InvalidArgumentError("Use a number from 1 to 64.");
  return value;
}

function moment(text: string): number {
  const mjd = /^\d{4}-\d{2}-\d{2}/.test(text) ? mjdOfTime(text) : undefined;
  if (mjd === undefined)
    throw new InvalidArgumentError("Use a date such as 2024-05-01 or 2024-05-01T12:00:00Z.");
  return unixMsOfMjd(mjd);
}

function baseUrl(text: string): string {
  if (isBaseUrl(text)) return text;
  throw new InvalidArgumentError("Use file://, http://host/path, https://host/path or s3://bucket/prefix.");
}

function pruneLimit(text: string): PruneLimit {
  const [, number = "", percent] = /^(\d{1,15}(?:\.\d{1,15})?)(%)?$/.exec(text) ?? [];
  if (percent !== undefined && Number(number) <= 100) return { share: Number(number) / 100 };
  if (percent === undefined && /^\d+$/.test(number)) return { rows: Number(number) };
  throw new InvalidArgumentError("Use a number of rows such as 200, or a share such as 25%.");
}

/** The command line of `sbnsis-add`. */
export function addProgram(
  action: (paths: readonly string[], options: AddOptions) => Promise<void>,
): Command {
  return new Command("sbnsis-add")
    .description("Adds PDS4 image labels to the database. The service does not need to be running.")
    .version(installedVersion())
    .argument("<label-or-directory...>", "label files and directories")
    .option("-r, --recursive", "search subdirectories as well")
    .option(
      "-e, --extension <ext>",
      `label file extension in addition to ${LABEL_EXTENSIONS.join(" and ")}; repeatable`,
      extension,
      [],
    )
    .option("--no-create", "do not create or complete the database tables")
    .option("--base-url <url>", "beginning of the URLs of images and labels", baseUrl, "file://")
    .option("--strip-leading <path>", "leading part of paths to leave out of URLs", "")
    .option("-v, --verbose", "print every label and its outcome")
    .option("--dry-run", "read the labels without writing anything")
    .option("--update", "read all labels and rewrite their rows")
    .option("--footprints-from-images", "take corners from the FITS headers when a label has none")
    .option("--since <date>", "only labels changed at or after this date (UTC)", moment)
    .option("--jobs <n>", "number of threads that read labels", jobs, Math.min(8, availableParallelism()))
    .option(
      "--report <file>",
      "write the path, outcome and reason of every label to this file, as JSON lines",
    )
    .option(
      "--inventory <file>",
      "collection inventory to compare with the labels found; repeatable",
      (path: string, before: readonly string[]) => [...before, path],
      [],
    )
    .option("--prune", "then delete rows under these paths whose label is gone, after confirmation")
    .option(
      "--at-most <n>",
      "number of rows, or share of the rows under each path, that --prune may delete; default: 10%",
      pruneLimit,
    )
    .option("--yes", "delete without confirmation")
    .exitOverride()
    .action(action);
}

/** The options that a harvest needs. */
export function harvestOptions(paths: readonly string[], options: AddOptions): HarvestOptions {
  return {
    paths,
    recursive: options.recursive ?? false,
    extensions: [...LABEL_EXTENSIONS, ...options.extension],
    baseUrl: options.baseUrl,
    stripLeading: strippedPrefix(options),
    jobs: options.jobs,
    update: options.update ?? false,
    footprintsFromImages: options.footprintsFromImages ?? false,
    ...(options.since !== undefined && { sinceMs: options.since }),
  };
}

/** Paths become absolute in URLs, so the prefix to strip must be absolute too. */
function strippedPrefix({ stripLeading }: AddOptions): string {
  if (stripLeading === "") return "";
  const trailing = stripLeading.length > 1 && stripLeading.endsWith("/") ? "/" : "";
  const absolute = resolve(stripLeading);
  return absolute === "/" ? "/" : `${absolute}${trailing}`;
}
