import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeLabel } from "../support/make-label.ts";
import { repositoryRoot } from "../support/oracles.ts";

const program = process.env.SIS_ADD_PROGRAM ?? join(repositoryRoot, "dist", "cli", "sbnsis-add.js");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-add-"));
  mkdirSync(join(folder, "labels"));
  writeFileSync(join(folder, ".env"), "DB_DIALECT=sqlite+pysqlite\nDB_DATABASE=./made.db\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

function add(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, last: stdout.trim().split("\n").at(-1), stdout, stderr };
}

function put(name: string, text = makeLabel({ lid: `urn:nasa:pds:made.survey:data:${name}` })): void {
  writeFileSync(join(folder, "labels", `${name}.xml`), text);
}

describe.skipIf(!existsSync(program))("sbnsis-add, as built (npm run build)", () => {
  it("ends with the sentence of the contract and status 0", () => {
    put("one");
    expect(add("-r", "labels")).toMatchObject({
      status: 0,
      last: "Searched 1 directories, found 1 labels, 1 processed.",
    });
    expect(add("labels")).toMatchObject({
      status: 0,
      last: "Searched 1 directories, found 1 labels, 1 processed.",
      stderr: expect.stringMatching(/^1 known/),
    });
  });

  it("reads many labels in threads, and one bad label makes status 1", () => {
    for (let i = 0; i < 700; i += 1) put(`t${i}`, i === 500 ? "<broken" : undefined);
    const { status, last, stderr } = add("labels", "--jobs", "2", "--report", "report.jsonl");
    expect({ status, last }).toEqual({
      status: 1,
      last: "Searched 1 directories, found 700 labels, 699 processed.",
    });
    expect(stderr).toMatch(/^failed: .*\/labels\/t500\.xml: not well-formed XML/m);
    const lines = readFileSync(join(folder, "report.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).outcome).filter((o) => o === "failed")).toHaveLength(1);
    expect(lines).toHaveLength(700);
  });

  it.each([
    [[], 2],
    [["--nonsense", "labels"], 2],
    [["--jobs", "0", "labels"], 2],
    [["--base-url", "nowhere", "labels"], 2],
    [["no-such-directory"], 2],
    [["--no-create", "labels/one.xml"], 2],
    [["--help"], 0],
    [["--version"], 0],
    [["--dry-run", "labels"], 0],
  ])("called with %j it ends with status %s", (args, status) => {
    put("one");
    expect(add(...args).status).toBe(status);
  });
});
