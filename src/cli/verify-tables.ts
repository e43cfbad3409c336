import { existsSync } from "node:fs";
import type { Command } from "commander";
import { openWritableCatalog } from "../catalog/open-catalog.ts";
import { loadSettings } from "../config/settings.ts";
import { SisError } from "../errors/sis-error.ts";
import { say } from "./run-command.ts";

/** `sbnsis verify-tables`: compares the database with what this version needs, and changes nothing. */
export function addVerifyTables(program: Command): void {
  program
    .command("verify-tables")
    .description("verify database tables")
    .action(async () => {
      const settings = loadSettings(process.cwd());
      if (settings.DB_DIALECT === "sqlite" && !existsSync(settings.DB_DATABASE)) {
        throw new SisError("CATALOG_UNAVAILABLE", `there is no database file ${settings.DB_DATABASE}`);
      }
      const catalog = await openWritableCatalog(settings);
      try {
        const { problems, remarks } = await catalog.verifyTables();
        for (const remark of remarks) say(remark);
        if (problems.length > 0) throw new SisError("CATALOG_SCHEMA", problems.join("; "));
        say("the tables are as they should be");
      } finally {
        await catalog.close();
      }
    });
}
