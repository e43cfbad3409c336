import type { Command } from "commander";
import { missingDatabaseFile, openInspection, openWritableCatalog } from "../../catalog/open-catalog.ts";
import { loadSettings } from "../../config/settings.ts";
import { SisError } from "../../errors/sis-error.ts";
import { say } from "../run-command.ts";

interface MigrateOptions {
  readonly plan?: boolean;
}

/**
 * `sbnsis migrate`: upgrades the tables in place; with `--plan` it only prints what it would do.
 */
export function addMigrate(program: Command): void {
  program
    .command("migrate")
    .description("complete the database tables in place")
    .option("--plan", "print the pending steps and their SQL statements without changing anything")
    .action(async ({ plan }: MigrateOptions) => {
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
      } finally {
        await catalog.close();
      }
    });
}
