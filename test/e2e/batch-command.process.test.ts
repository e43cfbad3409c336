import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { runHere } from "../support/programs/run-here.ts";

const PROGRAM = join(import.meta.dirname, "../../dist/cli/sbnsis.js");
let folder: string;

function sbnsis(args: readonly string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { cwd: folder, encoding: "utf8" });
}

/** Runs `sbnsis` from its source, in this process: it cannot make products. */
const sbnsisHere = (args: readonly string[]) => runHere(runSbnsis, folder, args);

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error("dist/ is not there: run npm run build");
  folder = mkdtempSync(join(tmpdir(), "sis-batch-"));
  writeFileSync(join(folder, ".env"), "DB_DATABASE=sky.db\n");
  expect((await sbnsisHere(["test-data", "--add", "--survey", "sky", "--frames", "6"])).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const row = (index: number, dec = 0.1) =>
  `urn:nasa:pds:survey:test-collection:test-00000${index},${(index - 9) * 0.95 + 360},${dec}`;
const write = (name: string, rows: readonly string[]) => {
  writeFileSync(join(folder, name), `obs_id,ra,dec\n${rows.join("\n")}\n`);
  return name;
};
const files = (out: string) => readdirSync(join(folder, out)).sort();

describe("sbnsis batch", () => {
  test("sbnsis batch writes a file for every row and format, and manifests; a second run makes nothing again", () => {
    const list = write(
      "good.csv",
      [0, 1, 2].map((i) => row(i)),
    );
    const args = ["batch", list, "--out", "good", "--format", "fits", "--format", "png", "--size", "21px"];
    const first = sbnsis(args);
    expect([first.status, first.stdout]).toEqual([0, "3 of 3 rows made in good\n"]);
    expect(files("good").filter((name) => /^\d/.test(name))).toEqual(
      [0, 1, 2].flatMap((i) => {
        const stem = `000${i + 1}_test-00000${i}_2020-05-31T0${i}-00-15`;
        return [`${stem}.fits`, `${stem}.png`];
      }),
    );
    const times = files("good")
      .filter((name) => /^\d/.test(name))
      .map((name) => statSync(join(folder, "good", name)).mtimeMs);
    expect(sbnsis(args).status).toBe(0);
    expect(
      files("good")
        .filter((name) => /^\d/.test(name))
        .map((name) => statSync(join(folder, "good", name)).mtimeMs),
    ).toEqual(times);
  });

  test("sbnsis batch --stack and --blink write what GET /batch/{id}/stack.fits and blink.png return, from the rows that were made", () => {
    const list = write("stacked.csv", [row(0), row(0, 0.11), row(1, 60)]);
    const wanted = [
      "--stack",
      "combine=mean&size=9px",
      "--stack",
      "format=png&size=9px",
      "--blink",
      "size=96px",
    ];
    const { status, stdout } = sbnsis(["batch", list, "--out", "stacked", "--size", "21px", ...wanted]);
    const made = ["stack.fits", "stack-2.png", "blink.png"].map((name) => `stacked/${name}\n`);
    // one row is off its frame
    expect([status, stdout]).toEqual([1, `${made.join("")}2 of 3 rows made in stacked\n`]);
    const fits = readFileSync(join(folder, "stacked", "stack.fits"), "latin1");
    expect(fits).toMatch(/NCOMBINE= +2 /);
    expect(fits).toMatch(/NAXIS1 += +9 /);
    const animation = readFileSync(join(folder, "stacked", "blink.png"));
    expect([animation.readUInt32BE(16), animation.includes("acTL")]).toEqual([96, true]);
  });

  test("a killed run of sbnsis batch is resumed: only what is missing is made", () => {
    const list = write(
      "killed.csv",
      [0, 1, 2].map((i) => row(i)),
    );
    const args = ["batch", list, "--out", "killed", "--size", "21px"];
    expect(sbnsis(args).status).toBe(0);
    const log = join(folder, "killed", "rows.ndjson");
    const lines = readFileSync(log, "utf8").split("\n");
    // the last line is cut off, as by a kill
    truncateSync(log, statSync(log).size - Math.floor(lines[2]!.length / 2));
    rmSync(join(folder, "killed", "manifest.csv"));
    const again = sbnsis(args);
    expect([again.status, again.stdout]).toEqual([0, "3 of 3 rows made in killed\n"]);
    expect(
      readFileSync(join(folder, "killed", "manifest.csv"), "utf8")
        .trim()
        .split("\r\n"),
    ).toHaveLength(4);
  });

  test("failed rows of sbnsis batch give status 1, a line on stderr and a row in the manifest", () => {
    const result = sbnsis(["batch", write("bad.csv", [row(0), row(1, 50), "urn:x,1,2"]), "--out", "bad"]);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain("row 2: OFF_IMAGE:");
    expect(result.stderr).toContain("row 3: IMAGE_NOT_FOUND:");
    const rows = JSON.parse(readFileSync(join(folder, "bad", "manifest.json"), "utf8")) as {
      status: string;
    }[];
    expect(rows.map(({ status }) => status)).toEqual(["done", "failed", "failed"]);
  });

  test.each([
    ["a list that is not there", ["nowhere.csv"], "no such file"],
    ["a list that cannot be read", ["unreadable.csv"], "line 1, column 1"],
    ["an option that is not allowed", ["one.csv", "--size", "big"], "Parameter size"],
    ["a directory of another batch", ["one.csv", "--out", "other"], "another batch"],
  ])("sbnsis batch with %s exits with status 2 and one line", async (_, args, message) => {
    write("one.csv", [row(0)]);
    writeFileSync(join(folder, "unreadable.csv"), "hello");
    if (!existsSync(join(folder, "other")))
      sbnsis(["batch", write("two.csv", [row(2)]), "--out", "other", "--size", "21px"]);
    const result = await sbnsisHere(["batch", ...args]);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("sbnsis batch --dry-run prints the rows as understood and makes nothing", async () => {
    appendFileSync(join(folder, "dry.csv"), `obs_id,ra,dec\n${row(0)}\n,1,2\n`);
    const result = await sbnsisHere(["batch", "dry.csv", "--dry-run", "--out", "dry"]);
    expect(result.status).toBe(0);
    const { rows } = JSON.parse(result.stdout) as { rows: { code: string | null }[] };
    expect(rows.map(({ code }) => code)).toEqual([null, "NO_TIME"]);
    expect(existsSync(join(folder, "dry"))).toBe(false);
  });

  test("sbnsis batch completes its work although stdout is closed", () => {
    const script = `"${process.execPath}" "${PROGRAM}" batch good.csv --out closed --size 21px >&-`;
    const result = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
    expect(result.status).toBe(0);
    expect(files("closed").filter((name) => name.endsWith(".fits"))).toHaveLength(3);
  });
});
