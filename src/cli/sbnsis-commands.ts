import { Command } from "commander";
import { installedVersion } from "../cluster/installed-version.ts";
import { terminalText } from "../observe/terminal-text.ts";
import { type AddCommand, runCommand } from "./run-command.ts";

/** The commands, in the order of the help. A command is loaded when it is called. */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ["start", async () => (await import("./commands/service/start.ts")).addStart],
  ["restart", async () => (await import("./commands/service/restart.ts")).addRestart],
  ["status", async () => (await import("./commands/service/status.ts")).addStatus],
  ["stop", async () => (await import("./commands/service/stop.ts")).addStop],
  ["doctor", async () => (await import("./commands/doctor.ts")).addDoctor],
  ["rotate-logs", async () => (await import("./commands/service/rotate-logs.ts")).addRotateLogs],
  ["env", async () => (await import("./commands/env.ts")).addEnv],
  ["create-tables", async () => (await import("./commands/tables/create-tables.ts")).addCreateTables],
  ["migrate", async () => (await import("./commands/tables/migrate.ts")).addMigrate],
  ["verify-tables", async () => (await import("./commands/tables/verify-tables.ts")).addVerifyTables],
  ["inspect", async () => (await import("./commands/inspect.ts")).addInspect],
  ["test-data", async () => (await import("./commands/test-data.ts")).addTestDataCommand],
  ["batch", async () => (await import("./commands/batch.ts")).addBatch],
]);

/**
 * The program `sbnsis`. All its files are in the working directory by default: `.env`, pid file,
 * database and log.
 */
export async function runSbnsis(argv: readonly string[]): Promise<void> {
  const names = [...COMMANDS.keys()];
  const program = new Command("sbnsis")
    .description("Runs the SBN Survey Image Service in the current directory.")
    .version(installedVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withSuggestion(text, names)) })
    .showHelpAfterError("(sbnsis --help lists all commands)");
  for (const name of needed(argv[2])) (await COMMANDS.get(name)?.())?.(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await runCommand(program, argv);
}

/** The commands to load: all for the help and after a typo, otherwise the one that is called. */
function needed(first: string | undefined): readonly string[] {
  if (first === "--version" || first === "-V") return [];
  return first !== undefined && COMMANDS.has(first) ? [first] : [...COMMANDS.keys()];
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
