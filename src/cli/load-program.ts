import { readFileSync } from "node:fs";

/** With fewer open files than this, not even the modules of the service can be loaded. */
const FEWEST_FILES = 1024;

/**
 * Loads and runs a program. If its modules cannot be loaded because the limit of open files is too
 * low, which Node reports in many ways, it prints one line saying so and sets exit status 1.
 */
export async function loadProgram(name: string, run: () => Promise<void>): Promise<void> {
  // read now: later it might exceed the limit itself
  const limit = openFileLimit();
  try {
    await run();
  } catch (error) {
    if (!isLoadingError(error) || limit === undefined || limit >= FEWEST_FILES) throw error;
    process.stderr.write(
      `${name}: too few files may be open: the limit is ${limit} (ulimit -n, LimitNOFILE); it should be ${FEWEST_FILES} or more\n`,
    );
    process.exitCode = 1;
  }
}

function isLoadingError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return ["EMFILE", "ENFILE", "ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(String(code));
}

/** How many files this process may open; undefined on systems that do not report it. */
function openFileLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
