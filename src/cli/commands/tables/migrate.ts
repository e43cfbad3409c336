import { type Command, InvalidArgumentError } from "commander";
import { missingDatabaseFile, openInspection, openWritableCatalog } from "../../../catalog/open-catalog.ts";
import { loadSettings } from "../../../config/settings.ts";
import { SisError } from "../../../errors/sis-error.ts";
import { say } from "../../run-command.ts";

interface MigrateOptions {
  readonly plan?: boolean;
  readonly divideAbove: number;
}

/** Number of footprints from which their index is divided by year. */
const DIVIDE_ABOVE = 30_000_000;

/** Errors: INVALID_ARGUMENT of commander. */
function countOf(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("expected a number from 1 to 999999999");
  return Number(text);
}

/**
 * `sbnsis migrate`: upgrades the tables in place; with `--plan` it only prints what it would do.
 */
export function addMigrate(program: Command): void {
  program
    .command("migrate")
    .description("complete the database tables in place")
    .option("--plan", "print the pending steps and their SQL statements without changing anything")
    .option(
      "--divide-above <footprints>",
      "PostgreSQL: divide the index of footprints by year from this number on",
      countOf,
      DIVIDE_ABOVE,
    )
    .action(async ({ plan, divideAbove }: MigrateOptions) => {
      const { database } = loadSettings(process.cwd());
      const missing = missingDatabaseFile(database);
      if (missing !== undefined) {
        throw new SisError(
          "CATALOG_UNAVAILABLE",
          `there is no database file ${missing}: run sbnsis create-tables to create it`,
        );
      }
      const catalog = plan === true ? openInspection(database) : await openWritableCatalog(database);
      try {
        const steps =
          "createTables" in catalog ? await catalog.createTables() : await catalog.pendingMigrations();
        for (const { version, title, up } of steps) {
          say(`${version}: ${title}`);
          if (plan === true) for (const statement of up) say(`    ${statement.replaceAll("\n", "\n    ")};`);
        }
        if (steps.length === 0) say("the tables are complete");
        else say(`${steps.length} steps ${plan === true ? "would be" : "were"} done`);
        if ("createTables" in catalog && (await catalog.divideFootprints(divideAbove)))
          say("the index of footprints is divided by year: restart the service to search it by time");
      } finally {
        await catalog.close();
      }
    });
}
