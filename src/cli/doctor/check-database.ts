import { Sources } from "../../archive/sources.ts";
import { type CatalogExamination, examineCatalog, type SampledImage } from "../../catalog/examine-catalog.ts";
import { engineOf, missingDatabaseFile } from "../../catalog/open-catalog.ts";
import { installedVersion } from "../../cluster/installed-version.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { sourceAccess } from "../../config/source-access.ts";
import type { Finding } from "./finding.ts";

/** Number of images whose files are opened. */
const SAMPLED = 8;

/**
 * Checks the database, its schema, rows without a footprint, and whether a sample of files can be
 * read.
 */
export async function checkDatabase(settings: Settings): Promise<readonly Finding[]> {
  const subject = "database";
  const missing = missingDatabaseFile(settings.database);
  if (missing !== undefined) {
    const about = `there is no database file ${missing}`;
    return [{ subject, state: "wrong", about, remedy: "run sbnsis create-tables" }];
  }
  try {
    const found = await examineCatalog(settings.database, SAMPLED);
    return [tables(found), ...footprints(found), ...(await files(found.sample, settings))];
  } catch (error) {
    const { remedy } = engineOf(settings.database);
    return [{ subject, state: "wrong", about: (error as Error).message, remedy }];
  }
}

function tables({ problems, remarks, pending, images }: CatalogExamination): Finding {
  const subject = "database";
  if (problems.length > 0) {
    return { subject, state: "wrong", about: problems.join("; "), remedy: "run sbnsis create-tables" };
  }
  if (pending.length > 0) {
    const steps = pending.map(({ version, title }) => `${version} (${title})`).join(", ");
    return {
      subject,
      state: "doubtful",
      about: `pending schema steps: ${steps}`,
      remedy: "run sbnsis migrate as the owner of the tables",
    };
  }
  if (remarks.length > 0)
    return { subject, state: "doubtful", about: remarks.join("; "), remedy: "run sbnsis migrate" };
  if (images === 0)
    return {
      subject,
      state: "doubtful",
      about: "the tables are empty",
      remedy: "run sbnsis-add -r DIRECTORY",
    };
  return { subject, state: "fine", about: `the tables are complete, ${images} images` };
}

function footprints({ images, withoutFootprint: missing }: CatalogExamination): Finding[] {
  if (images === 0) return [];
  const subject = "footprints";
  if (missing === 0) return [{ subject, state: "fine", about: "all images can be found by position" }];
  return [
    {
      subject,
      state: "doubtful",
      about: `${missing} of ${images} images have no footprint, so searches by position do not find them`,
      remedy: "run sbnsis-add -r --update DIRECTORY, with --footprints-from-images if labels have no corners",
    },
  ];
}

/**
 * Opens the files and reads a byte of each with the access rules of the service: its data roots and
 * hosts.
 */
async function files(sample: readonly SampledImage[], settings: Settings): Promise<Finding[]> {
  if (sample.length === 0) return [];
  const sources = new Sources(sourceAccess(settings, installedVersion()));
  const unreadable: string[] = [];
  try {
    for (const { obsId, imageUrl } of sample) {
      const reason =
        imageUrl === null ? "the database has no file name" : await unreadableBecause(sources, imageUrl);
      if (reason !== undefined) unreadable.push(`${obsId}: ${reason}`);
    }
  } finally {
    await sources.close();
  }
  const subject = "files";
  if (unreadable.length === 0)
    return [
      { subject, state: "fine", about: `${sample.length} of ${sample.length} sampled files can be read` },
    ];
  return [
    {
      subject,
      state: "wrong",
      about: `${unreadable.length} of ${sample.length} sampled files cannot be read; ${unreadable[0]}`,
      remedy:
        "check that the archive is mounted and readable for this user, and check SBNSIS_DATA_ROOTS and SBNSIS_ALLOWED_HOSTS",
    },
  ];
}

async function unreadableBecause(sources: Sources, location: string): Promise<string | undefined> {
  try {
    const source = await sources.open(location);
    try {
      await source.read([{ offset: 0, length: Math.min(1, source.identity.size) }]);
      return undefined;
    } finally {
      source.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}
