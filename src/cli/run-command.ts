import { type Command, CommanderError } from "commander";
import { ignoreBrokenPipes } from "../observe/standard-streams.ts";
import { terminalText } from "../observe/terminal-text.ts";

/** Adds one command to the program. */
export type AddCommand = (program: Command) => void;

/**
 * Runs a command line to its end and sets the exit status: 0 success, 1 failure with a one-line
 * reason on stderr, 2 wrong usage. `argv` begins with the program and the script, as process.argv
 * does.
 */
export async function runCommand(program: Command, argv: readonly string[]): Promise<void> {
  ignoreBrokenPipes();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    warn(`${program.name()}: ${oneLine(error)}`);
    process.exitCode = 1;
  }
}

/** The message of an error, without line breaks. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("; ");
}

/**
 * Prints lines on the terminal; control characters from file contents and names are neutralized.
 */
export function say(text: string): void {
  process.stdout.write(`${terminalText(text)}\n`);
}

/** Prints lines on stderr, as `say` does on stdout. */
export function warn(text: string): void {
  process.stderr.write(`${terminalText(text)}\n`);
}
