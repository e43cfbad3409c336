import { vi } from "vitest";

/** The outcome of a command line. */
interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line of `sbnsis` or `sbnsis-add` from its source in this process, in which it
 * takes a tenth of the time that a process of its own needs to start. Not for tests that run
 * concurrently: it uses the working directory, the exit status and the output of the process.
 */
export async function runHere(
  program: (argv: readonly string[]) => Promise<void>,
  directory: string,
  args: readonly string[],
): Promise<Ended> {
  const text = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      text[name] += String(chunk);
      return true;
    }),
  );
  const before = process.cwd();
  process.exitCode = undefined;
  try {
    process.chdir(directory);
    await program(["node", "program", ...args]);
    return { status: Number(process.exitCode ?? 0), ...text };
  } finally {
    process.chdir(before);
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}
