import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addTestDataCommand } from "../../src/cli/commands/test-data.ts";
import { runCommand } from "../../src/cli/run-command.ts";

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-test-data-command-"));
  said = "";
  vi.stubEnv("TEST_DATA_PATH", folder);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Exit status of `sbnsis test-data` with these arguments. */
async function run(...args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  const program = new Command("sbnsis").exitOverride();
  addTestDataCommand(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await runCommand(program, ["node", "sbnsis", "test-data", ...args]);
  return Number(process.exitCode ?? 0);
}

describe("sbnsis test-data", () => {
  test("adds, finds and deletes in TEST_DATA_PATH (docs/operator.md)", async () => {
    expect(await run("--exists")).toBe(1);
    expect(said).toContain("no complete test data");
    expect(await run("--add", "--survey", "sky", "--frames", "2", "--seed", "7")).toBe(0);
    expect(said).toContain(`2 frames created in ${folder}`);
    expect(await run("--exists")).toBe(0);
    expect(await run("--exists", "--survey", "neat")).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(["sky", "test-data.json"]);
    expect(await run("--delete")).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(await run("--delete")).toBe(0);
    expect(said).toMatch(/\n0 test data files deleted/);
  });

  test("called wrongly ends with 2 and makes nothing", async () => {
    const wrong = [
      [],
      ["--add", "--delete"],
      ["--add", "--survey", "dss"],
      ["--add", "--frames", "0"],
      ["--add", "--frames", "10001"],
      ["--add", "--seed", "-1"],
    ];
    for (const args of wrong) expect(await run(...args), args.join(" ")).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });
});
