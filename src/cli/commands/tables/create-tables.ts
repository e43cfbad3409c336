import type { Command } from "commander";
import { openWritableCatalog } from "../../../catalog/open-catalog.ts";
import { loadSettings, publicBase } from "../../../config/settings.ts";
import { say } from "../../run-command.ts";

/**
 * `sbnsis create-tables`: creates what is missing; an existing table `image` is adopted unchanged.
 * With `--vo-views` it also creates the view of ObsCore, with the public address of this service.
 */
export function addCreateTables(program: Command): void {
  program
    .command("create-tables")
    .description("create the database tables, as needed")
    .option("--vo-views", "also create the view ivoa.obscore for TAP servers (PostgreSQL)")
    .action(async ({ voViews = false }: { readonly voViews?: boolean }) => {
      const settings = loadSettings(process.cwd());
      const catalog = await openWritableCatalog(settings.database);
      try {
        const steps = await catalog.createTables();
        if (voViews) {
          const voUrl = `${publicBase(settings)}/vo`;
          await catalog.createObscoreView({ voUrl, authority: settings.vo.authority });
        }
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
