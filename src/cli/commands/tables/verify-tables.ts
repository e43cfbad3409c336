import type { Command } from "commander";
import { type IncompleteImages, missingDatabaseFile, openInspection } from "../../../catalog/open-catalog.ts";
import { loadSettings } from "../../../config/settings.ts";
import { SisError } from "../../../errors/sis-error.ts";
import { say } from "../../run-command.ts";

/**
 * `sbnsis verify-tables`: compares the database with what this version needs, and changes nothing.
 */
export function addVerifyTables(program: Command): void {
  program
    .command("verify-tables")
    .description("verify the database tables")
    .action(async () => {
      const { database } = loadSettings(process.cwd());
      const missing = missingDatabaseFile(database);
      if (missing !== undefined) {
        throw new SisError("CATALOG_UNAVAILABLE", `there is no database file ${missing}`);
      }
      const tables = openInspection(database);
      try {
        const { problems, remarks } = await tables.verifyTables();
        for (const remark of remarks) say(remark);
        if (problems.length > 0) throw new SisError("CATALOG_SCHEMA", problems.join("; "));
        const gaps = gapsOf(await tables.incompleteImages());
        for (const gap of gaps) say(gap);
        const isComplete = remarks.length === 0 && gaps.length === 0;
        say(isComplete ? "the tables are complete and correct" : "the service works with these tables");
      } finally {
        await tables.close();
      }
    });
}

function gapsOf(found: IncompleteImages | undefined): readonly string[] {
  if (found === undefined) return [];
  const { images, withoutDetails, withoutFootprint } = found;
  const gaps: string[] = [];
  if (withoutDetails > 0) {
    gaps.push(
      `${withoutDetails} of ${images} images have no details, so searches by time and filter do not find them: run sbnsis-add --update on their labels`,
    );
  }
  if (withoutFootprint > 0) {
    gaps.push(
      `${withoutFootprint} of ${images} images have no footprint, so searches by position do not find them`,
    );
  }
  return gaps;
}
