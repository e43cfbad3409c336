import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runSbnsisAdd } from "../../src/cli/add/add-labels.ts";
import { makeLabel } from "../support/inputs/make-label.ts";
import { repositoryRoot } from "../support/oracles.ts";
import { runHere } from "../support/programs/run-here.ts";

const program = process.env.SIS_ADD_PROGRAM ?? join(repositoryRoot, "dist", "cli", "sbnsis-add.js");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-add-"));
  mkdirSync(join(folder, "labels"));
  writeFileSync(join(folder, ".env"), "DB_DIALECT=sqlite+pysqlite\nDB_DATABASE=./made.db\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const withLast = <T extends { readonly stdout: string }>(ended: T) => ({
  ...ended,
  last: ended.stdout.trim().split("\n").at(-1),
});

/** Runs `sbnsis-add` in this process. */
const add = async (...args: readonly string[]) => withLast(await runHere(runSbnsisAdd, folder, args));

/** Runs `sbnsis-add` as built, in a process of its own. */
const addAsBuilt = (...args: readonly string[]) =>
  withLast(spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" }));

function put(name: string, text = makeLabel({ lid: `urn:nasa:pds:made.survey:data:${name}` })): void {
  writeFileSync(join(folder, "labels", `${name}.xml`), text);
}

function countRows(table: string, what = "count(*)"): number {
  const database = new DatabaseSync(join(folder, "made.db"), { readOnly: true, timeout: 10_000 });
  try {
    return Number(database.prepare(`SELECT ${what} AS n FROM ${table}`).get()?.n);
  } finally {
    database.close();
  }
}

describe.skipIf(!existsSync(program))("sbnsis-add, as built (npm run build)", () => {
  it("sbnsis-add ends with the message of the contract and status 0", () => {
    put("one");
    expect(addAsBuilt("-r", "labels")).toMatchObject({
      status: 0,
      last: "Searched 1 directories, found 1 labels, 1 processed.",
    });
    expect(addAsBuilt("labels")).toMatchObject({
      status: 0,
      last: "Searched 1 directories, found 1 labels, 1 processed.",
      stderr: expect.stringMatching(/^1 known/),
    });
  });

  it("sbnsis-add reads many labels in threads, and one bad label makes status 1", () => {
    for (let i = 0; i < 700; i += 1) put(`t${i}`, i === 500 ? "<broken" : undefined);
    const { status, last, stderr } = addAsBuilt("labels", "--jobs", "2", "--report", "report.jsonl");
    expect({ status, last }).toEqual({
      status: 1,
      last: "Searched 1 directories, found 700 labels, 699 processed.",
    });
    expect(stderr).toMatch(/^failed: .*\/labels\/t500\.xml: not well-formed XML/m);
    const lines = readFileSync(join(folder, "report.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).outcome).filter((o) => o === "failed")).toHaveLength(1);
    expect(lines).toHaveLength(700);
  });

  it("sbnsis-add reports how an inventory and the labels differ", async () => {
    for (const name of ["one", "two"]) put(name);
    put(
      "collection",
      `<Product_Collection><Identification_Area><logical_identifier>urn:nasa:pds:made.survey:data</logical_identifier></Identification_Area></Product_Collection>`,
    );
    put(
      "table",
      makeLabel({ lid: "urn:nasa:pds:made.survey:data:table", file: "x.tab" }).replace(
        "<Array_2D_Image/>",
        "",
      ),
    );
    const lids = ["one", "table", "gone"].map((name) => `P,urn:nasa:pds:made.survey:data:${name}::1.0`);
    writeFileSync(join(folder, "inventory.csv"), `${lids.join("\r\n")}\r\n`);
    const { status, stderr } = await add(
      "labels",
      "--inventory",
      "inventory.csv",
      "--report",
      "report.jsonl",
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^missing: inventory.csv: urn:nasa:pds:made.survey:data:gone: /m);
    expect(stderr).toMatch(/^unlisted: .*two.xml: /m);
    expect(stderr).toMatch(
      /^inventory: 1 listed products without a label, 1 unlisted labels, 0 with another version$/m,
    );
    const outcomes = readFileSync(join(folder, "report.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).outcome);
    expect(outcomes.sort()).toEqual(["added", "added", "missing", "skipped", "skipped", "unlisted"]);
  });

  it("sbnsis-add continues where a killed harvest stopped, with every label once (count(*))", async () => {
    const count = 3000;
    for (let i = 0; i < count; i += 1) put(`t${i}`);
    const killed = spawn(process.execPath, [program, "labels", "--jobs", "1"], {
      cwd: folder,
      stdio: "ignore",
    });
    const rows = () => {
      if (!existsSync(join(folder, "made.db"))) return 0;
      try {
        return countRows("image");
      } catch {
        // not a database yet
        return 0;
      }
    };
    while (rows() === 0 && killed.exitCode === null) await setTimeout(5);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const before = rows();
    expect(before).toBeGreaterThan(0);
    const { status, stderr } = await add("labels");
    expect(status).toBe(0);
    expect(stderr).toMatch(new RegExp(`${count - before} added`));
    expect([countRows("image"), countRows("image_detail")]).toEqual([count, count]);
    expect(countRows("image_count", "sum(count)")).toBe(count);
  });

  it("two concurrent runs of sbnsis-add on the same labels add every label once (count(*))", async () => {
    const count = 1500;
    for (let i = 0; i < count; i += 1) put(`t${i}`);
    const harvests = [0, 1].map(() =>
      spawn(process.execPath, [program, "labels"], { cwd: folder, stdio: "ignore" }),
    );
    const statuses = await Promise.all(harvests.map(async (child) => (await once(child, "exit"))[0]));
    expect(statuses).toEqual([0, 0]);
    expect([countRows("image"), countRows("image_detail")]).toEqual([count, count]);
    expect(countRows("image_count", "sum(count)")).toBe(count);
  });

  it("sbnsis-add exits with 1 when a label is in conflict with one of the same version, every time", async () => {
    const lid = "urn:nasa:pds:made.survey:data:one";
    put("one", makeLabel({ lid }));
    put("two", makeLabel({ lid, title: "another" }));
    for (const known of ["1 added, 1 conflict", "1 known, 1 conflict"]) {
      const { status, stderr } = await add("labels");
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(new RegExp(`^conflict: .*/two\\.xml: .*\n${known};`)),
      });
    }
  });

  it("sbnsis-add logs its start, its end and its counts to the log of the service, and the reason for a failure", async () => {
    put("one");
    put("bad", "<broken");
    await add("labels");
    writeFileSync(join(folder, "made.db"), "no database, and longer than the header of one ".repeat(9));
    expect((await add("labels")).status).toBe(2);
    const lines = readFileSync(join(folder, "logging", "sbnsis.log"), "utf8")
      .trim()
      .split("\n");
    const records = lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))));
    expect(records).toMatchObject([
      { event: "harvest started", paths: ["labels"], update: false },
      { event: "harvest ended", exit_status: 1, labels: 2, processed: 1, added: 1, failed: 1 },
    ]);
  });

  it("sbnsis-add creates no database without a .env", async () => {
    rmSync(join(folder, ".env"));
    put("one");
    const before = readdirSync(folder);
    const { status, stderr } = await add("labels");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^sbnsis-add: there is no \.env and no database in .*\n$/);
    expect(readdirSync(folder)).toEqual(before);
    writeFileSync(join(folder, ".env"), "");
    expect((await add("labels")).status).toBe(0);
    expect(existsSync(join(folder, "default.db"))).toBe(true);
  });

  it("sbnsis-add finishes quietly when its output has no reader (sh)", () => {
    for (let i = 0; i < 300; i += 1) put(`t${i}`);
    const command = `'${process.execPath}' '${program}' -v labels 2>&1 | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^added: .*\n0\n$/), stderr: "" });
    expect(countRows("image")).toBe(300);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "sbnsis-add says why a report cannot be written (/dev/full)",
    async () => {
      put("one");
      const { status, stderr, last } = await add("labels", "--report", "/dev/full");
      expect({ status, last }).toEqual({
        status: 2,
        last: "Searched 1 directories, found 1 labels, 1 processed.",
      });
      expect(stderr).toMatch(/^sbnsis-add: the report cannot be written: no space left on the disk$/m);
    },
  );

  it("sbnsis-add --prune keeps the rows of an archive that is not mounted, even with --yes", async () => {
    for (let i = 0; i < 3; i += 1) put(`t${i}`);
    await add("labels");
    renameSync(join(folder, "labels"), join(folder, "elsewhere"));
    mkdirSync(join(folder, "labels"));
    const { status, stderr } = await add("-r", "--prune", "--yes", "--at-most", "100%", "labels");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sbnsis-add: nothing was deleted: .*\/labels contains no labels, but 3 rows/);
    expect(countRows("image")).toBe(3);
  });

  it.each([
    ...[
      "nowhere",
      "https://",
      "https:host",
      "ftp://host",
      "https://a b",
      "file://host/x",
      "s3://",
      "http://[x]",
    ],
    ...["http://host:99999", "https://host/#top", "s3:///key"],
  ])("sbnsis-add refuses %s as a base of URLs (schemes that the service reads)", async (url) => {
    put("one");
    const { status, stderr } = await add("--base-url", url, "labels");
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^error: .*base-url/) });
  });

  it.each([
    [["--inventory", "none.csv", "labels"], 2],
    [["--inventory", "x.csv", "--since", "2020-01-01", "labels"], 2],
    [["--since", "5", "labels"], 2],
    [["--since", "2021-02-30", "labels"], 2],
    [[], 2],
    [["--nonsense", "labels"], 2],
    [["--jobs", "0", "labels"], 2],
    [["--base-url", "nowhere", "labels"], 2],
    [["no-such-directory"], 2],
    [["--no-create", "labels/one.xml"], 2],
    [["--help"], 0],
    [["--version"], 0],
    [["--dry-run", "labels"], 0],
  ])("sbnsis-add called with %j exits with status %s", async (args, status) => {
    put("one");
    expect((await add(...args)).status).toBe(status);
  });
});
