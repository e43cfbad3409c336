import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addTestDataCommand } from "../../src/cli/commands/test-data.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { taskLine } from "../../src/cli/task-progress.ts";

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-test-data-command-"));
  said = "";
  vi.stubEnv("TEST_DATA_PATH", join(folder, "data"));
  vi.stubEnv("DB_DATABASE", join(folder, "made.db"));
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
  const rows = () => {
    const database = new DatabaseSync(join(folder, "made.db"), { readOnly: true });
    const all = database.prepare("SELECT obs_id, label_url FROM image ORDER BY id").all();
    database.close();
    return all.map(({ obs_id, label_url }) => [obs_id, label_url]);
  };

  test("test-data adds, finds and deletes in TEST_DATA_PATH (docs/operator.md)", async () => {
    expect(await run("--exists")).toBe(1);
    expect(said).toContain("no complete test data");
    expect(await run("--add", "--survey", "sky", "--frames", "2", "--seed", "7")).toBe(0);
    expect(said).toContain(`2 frames created in ${folder}`);
    expect(await run("--exists")).toBe(0);
    expect(await run("--exists", "--survey", "neat")).toBe(1);
    expect(readdirSync(join(folder, "data")).sort()).toEqual(["sky", "test-data.json"]);
    expect(await run("--delete")).toBe(0);
    expect(existsSync(join(folder, "data"))).toBe(false);
    expect(await run("--delete")).toBe(0);
    expect(said).toMatch(/\n0 test data files deleted/);
  });

  test("test-data fills the catalog with its labels and deletes only those (rows of the database)", async () => {
    const lid = (i: number) => `urn:nasa:pds:survey:test-collection:test-00000${i}`;
    const url = (i: number) => `file://${folder}/data/sky/row00/test-00000${i}.xml`;
    const sky = ["--add", "--survey", "sky", "--frames"];
    expect(await run(...sky, "3")).toBe(0);
    expect(rows()).toEqual([0, 1, 2].map((i) => [lid(i), url(i)]));
    // another seed gives other labels, and fewer frames fewer rows
    expect(await run(...sky, "2", "--seed", "5")).toBe(0);
    expect(rows()).toEqual([0, 1].map((i) => [lid(i), url(i)]));
    const database = new DatabaseSync(join(folder, "made.db"));
    database.exec(
      "UPDATE image SET label_url = 'file:///elsewhere/x.xml' WHERE id = (SELECT max(id) FROM image)",
    );
    database.close();
    expect(await run("--delete")).toBe(0);
    expect(rows()).toEqual([[lid(1), "file:///elsewhere/x.xml"]]);
    expect(said).toContain("4 test data files deleted");
    expect(said).toContain(", 1 rows deleted from the catalog");
  });

  test("test-data --no-catalog creates and deletes only files, and opens no database", async () => {
    expect(await run("--add", "--survey", "sky", "--frames", "1", "--no-catalog")).toBe(0);
    expect(await run("--delete", "--no-catalog")).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a bar of progress is full only at the end, and fits the terminal", () => {
    expect(taskLine(0, 440, "frames", 80)).toBe(`[${"-".repeat(30)}] 0 of 440 frames`);
    expect(taskLine(439, 440, "frames", 80)).toBe(`[${"#".repeat(29)}-] 439 of 440 frames`);
    expect(taskLine(440, 440, "frames", 80)).toBe(`[${"#".repeat(30)}] 440 of 440 frames`);
    for (let columns = 1; columns < 60; columns += 1)
      expect(taskLine(7, 9, "frames", columns).length).toBeLessThan(columns);
  });

  test("test-data with wrong arguments exits with 2 and creates nothing", async () => {
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
