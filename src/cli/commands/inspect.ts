import { type Command, InvalidArgumentError, Option } from "commander";
import { ANY_LOCAL_FILE } from "../../archive/local-access.ts";
import { Sources } from "../../archive/sources.ts";
import { openCatalog } from "../../catalog/open-catalog.ts";
import { installedVersion } from "../../cluster/installed-version.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { sourceAccess } from "../../config/source-access.ts";
import { SisError } from "../../errors/sis-error.ts";
import { describeFile } from "../inspect/describe-file.ts";
import { reportJson, reportText } from "../inspect/report.ts";
import { say } from "../run-command.ts";

interface InspectOptions {
  readonly hdu?: number;
  readonly json: boolean;
  readonly statistics: boolean;
  readonly sky: readonly (readonly [number, number])[];
  readonly pixel: readonly (readonly [number, number])[];
}

/** Maximum number of positions in one call. */
const MOST_PLACES = 1000;

function hduNumber(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use an HDU number, counted from 0.");
}

function place(text: string, before: readonly (readonly [number, number])[]) {
  const pair = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (pair.length !== 2 || !pair.every(Number.isFinite))
    throw new InvalidArgumentError("Use two numbers separated by a comma.");
  if (before.length === MOST_PLACES)
    throw new InvalidArgumentError(`At most ${MOST_PLACES} positions are allowed.`);
  return [...before, [pair[0]!, pair[1]!] as const];
}

/**
 * `sbnsis inspect`: what an operator looks at when a frame misbehaves. Exit status 1 when part of
 * the file is damaged.
 */
export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description("describe a FITS file: HDUs, compression, coordinate systems")
    .argument("<file>", "path, URL (file, http, https, s3), or the LID of an image in the database")
    .addOption(new Option("--hdu <n>", "only this HDU, counted from 0").argParser(hduNumber))
    .option("--json", "print a JSON document", false)
    .option(
      "--statistics",
      "also read all pixels: minimum, maximum, mean, sum, number of blank pixels",
      false,
    )
    .addOption(
      new Option(
        "--sky <x,y>",
        "print the sky position of a pixel (counted from 1), in the frame of the header; repeatable",
      )
        .argParser(place)
        .default([], "none"),
    )
    .addOption(
      new Option("--pixel <ra,dec>", "print the pixel at an ICRS position (degrees); repeatable")
        .argParser(place)
        .default([], "none"),
    )
    .action(async (file: string, options: InspectOptions) => {
      const settings = loadSettings(process.cwd());
      const isLid = /^urn:/i.test(file);
      const location = isLid ? await locationOf(file, settings) : file;
      const access = sourceAccess(settings, installedVersion());
      // The user of the terminal may name any file; a LID only reaches files that the service may
      // read.
      const sources = new Sources(isLid ? access : { ...access, dataRoots: [], local: ANY_LOCAL_FILE });
      try {
        const source = await sources.open(location);
        try {
          // The size of a file compressed as a whole is its size on disk.
          const report = { ...(await describeFile(source, file, options)), size: source.identity.size };
          say(options.json ? reportJson(report) : reportText(report));
          if (report.hdus.some(({ error }) => error !== undefined)) process.exitCode = 1;
        } finally {
          source.close();
        }
      } finally {
        await sources.close();
      }
    });
}

async function locationOf(lid: string, settings: Settings): Promise<string> {
  const catalog = await openCatalog(settings.database);
  try {
    const image = await catalog.findImage(lid);
    if (image === undefined) throw new SisError("IMAGE_NOT_FOUND", `the database has no image ${lid}`);
    if (image.imageUrl === null)
      throw new SisError("IMAGE_NOT_FOUND", `the database has no file name for ${lid}`);
    return image.imageUrl;
  } finally {
    await catalog.close();
  }
}
