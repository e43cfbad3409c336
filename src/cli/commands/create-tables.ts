import type { Command } from "commander";
import { openWritableCatalog } from "../../catalog/open-catalog.ts";
import { loadSettings } from "../../config/settings.ts";
import { say } from "../run-command.ts";

/**
 * `sbnsis create-tables`: creates what is missing; an existing table `image` is adopted unchanged.
 */
export function addCreateTables(program: Command): void {
  program
    .command("create-tables")
    .description("create the database tables, as needed")
    .action(async () => {
      const catalog = await openWritableCatalog(loadSettings(process.cwd()).database);
      try {
        const steps = await catalog.createTables();
        say(
          steps.length === 0
            ? "the tables are complete"
            : `the tables are complete (${steps.length} steps done)`,
        );
      } finally {
        await catalog.close();
      }
    });
}
