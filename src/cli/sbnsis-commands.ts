import { Command } from "commander";
import { installedVersion } from "../cluster/installed-version.ts";
import { terminalText } from "../observe/terminal-text.ts";
import { addBatch } from "./commands/batch.ts";
import { addCreateTables } from "./commands/create-tables.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEnv } from "./commands/env.ts";
import { addInspect } from "./commands/inspect.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addRestart } from "./commands/restart.ts";
import { addRotateLogs } from "./commands/rotate-logs.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addTestDataCommand } from "./commands/test-data.ts";
import { addVerifyTables } from "./commands/verify-tables.ts";
import { type AddCommand, runCommand } from "./run-command.ts";

const COMMANDS: readonly AddCommand[] = [
  addStart,
  addRestart,
  addStatus,
  addStop,
  addDoctor,
  addRotateLogs,
  addEnv,
  addCreateTables,
  addMigrate,
  addVerifyTables,
  addInspect,
  addTestDataCommand,
  addBatch,
];

/**
 * The program `sbnsis`. All its files are in the working directory by default: `.env`, pid file,
 * database and log.
 */
export async function runSbnsis(argv: readonly string[]): Promise<void> {
  const names: string[] = [];
  const program = new Command("sbnsis")
    .description("Runs the SBN Survey Image Service in the current directory.")
    .version(installedVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withSuggestion(text, names)) })
    .showHelpAfterError("(sbnsis --help lists all commands)");
  for (const add of COMMANDS) add(program);
  names.push(...program.commands.map((command) => command.name()));
  for (const command of program.commands) command.copyInheritedSettings(program);
  await runCommand(program, argv);
}

/**
 * commander suggests commands with similar spelling; for the beginning of a name that is often a
 * different one, so commands with that beginning come first.
 */
function withSuggestion(text: string, names: readonly string[]): string {
  const written = /unknown command '([^']+)'/.exec(text)?.[1];
  const meant = written === undefined ? [] : names.filter((name) => name.startsWith(written));
  const shown = terminalText(text);
  if (meant.length === 0) return shown;
  return `${shown.replace(/\n\(Did you mean .*\)/, "").trimEnd()}\n(Did you mean ${meant.join(" or ")}?)\n`;
}
