import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of this repository. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The folder of real files next to the repository, or undefined if it is missing; a test then says
 * so and passes.
 */
export function sharedFolder(...parts: readonly string[]): string | undefined {
  const path = join(repositoryRoot, "..", "shared", ...parts);
  return existsSync(path) ? path : undefined;
}

/**
 * The Python that has the oracles of test/fixtures/generators/requirements.txt (.ci/install-tools
 * installs it), or undefined.
 */
export function oraclePython(): string | undefined {
  const environment = process.env.SIS_ORACLE_VENV ?? join(homedir(), ".cache", "sbnsis-oracles", "venv");
  const python = join(environment, "bin", "python");
  return existsSync(python) ? python : undefined;
}

/** Runs a Python program of the oracles with `args` and returns its output, parsed as JSON. */
export function askPython(program: string, ...args: readonly string[]): unknown {
  const python = oraclePython();
  if (python === undefined) throw new Error("the oracles' Python is not installed: run .ci/install-tools");
  const printed = execFileSync(python, ["-c", program, ...args], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(printed);
}

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}
