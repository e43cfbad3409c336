import { Command } from "commander";
import { installedVersion } from "../supervisor/installed-version.ts";
import { addCreateTables } from "./create-tables.ts";
import { addEnv } from "./env.ts";
import { addInspect } from "./inspect.ts";
import { addMigrate } from "./migrate.ts";
import { addRestart } from "./restart.ts";
import { addRotateLogs } from "./rotate-logs.ts";
import { type AddCommand, runCommand } from "./run-command.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addStop } from "./stop.ts";
import { addTestDataCommand } from "./test-data.ts";
import { addVerifyTables } from "./verify-tables.ts";

const COMMANDS: readonly AddCommand[] = [
  addStart,
  addRestart,
  addStatus,
  addStop,
  addRotateLogs,
  addEnv,
  addCreateTables,
  addMigrate,
  addVerifyTables,
  addInspect,
  addTestDataCommand,
];

/** The program `sbnsis`. Everything it works with lies in the working directory: `.env`, pid file, database and log by default. */
export async function runSbnsis(argv: readonly string[]): Promise<void> {
  const program = new Command("sbnsis")
    .description("Runs the SBN Survey Image Service in the working directory.")
    .version(installedVersion())
    .exitOverride()
    .showHelpAfterError("(sbnsis --help tells what there is)");
  for (const add of COMMANDS) add(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await runCommand(program, argv);
}
