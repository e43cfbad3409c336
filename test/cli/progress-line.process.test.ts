import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { barProgress, plainProgress } from "../../src/cli/progress-line.ts";
import type { HarvestSummary } from "../../src/harvest/harvest.ts";
import { makeLabel } from "../support/inputs/make-label.ts";
import { hasProgram, repositoryRoot } from "../support/oracles.ts";

function summaryOf(outcomes: Partial<HarvestSummary["outcomes"]>, labels = 0): HarvestSummary {
  const none = {
    added: 0,
    known: 0,
    updated: 0,
    moved: 0,
    older: 0,
    conflict: 0,
    read: 0,
    skipped: 0,
    failed: 0,
  };
  return { directories: 1, labels, processed: 0, outcomes: { ...none, ...outcomes }, missingFiles: 0 };
}

describe("the line of a terminal", () => {
  const summary = summaryOf({ added: 24_990, failed: 10 });
  const counted = { labels: 100_000, isComplete: true };

  it("the progress line of a terminal has a bar as long as the width allows", () => {
    const line = (columns: number) => barProgress(summary, counted, 2.5, columns);
    expect(line(200)).toBe(
      "[##########------------------------------] 25000 of 100000 labels, 10000/s, 8 s left; 24990 added, 10 failed",
    );
    expect(line(80)).toBe("[##---------] 25000 of 100000 labels, 10000/s, 8 s left; 24990 added, 10 failed");
    expect(line(76)).toBe("25000 of 100000 labels, 10000/s, 8 s left; 24990 added, 10 failed");
    expect(line(60)).toBe("25000 of 100000 labels, 10000/s, 8 s left; 24990 added, 10 ");
    for (let columns = 2; columns < 200; columns += 1)
      expect(line(columns).length, `${columns}`).toBeLessThan(columns);
  });

  it("the progress line shows the remaining time once all labels are counted, in seconds, minutes or hours", () => {
    const line = (labels: number, isComplete: boolean) =>
      barProgress(summaryOf({ known: 100 }), { labels, isComplete }, 10, 120);
    expect(line(100, true)).toMatch(/^\[#{40}\] 100 of 100 labels, 10\/s, 0 s left; 100 known$/);
    expect(line(990, true)).toMatch(/10\/s, 89 s left;/);
    expect(line(1000, true)).toMatch(/10\/s, 2 min left;/);
    expect(line(100_000, true)).toMatch(/10\/s, 2\.8 h left;/);
    expect(line(1000, false)).toMatch(/^\[#{4}-{36}\] 100 of 1000\+ labels, 10\/s; 100 known$/);
    // more were done than were counted so far
    expect(line(5, false)).toMatch(/^\[#{39}-\] 100 of 100\+ labels/);
    // a bar is full only at the end
    for (const [labels, isComplete] of [
      [100, false],
      [101, true],
      [1_000_000, false],
    ] as const)
      expect(line(labels, isComplete)).toMatch(/^\[#*-+\]/);
  });

  it("the progress line is valid before the first label", () => {
    expect(barProgress(summaryOf({}), { labels: 0, isComplete: false }, 0, 80)).toBe(
      `[${"-".repeat(40)}] 0 of 1+ labels, 0/s`,
    );
  });
});

it("progress without a terminal is plain text", () => {
  expect(plainProgress(summaryOf({ added: 24_990, failed: 10 }, 26_000), 2.5)).toBe(
    "25000 of 26000 labels found so far, 10000/s; 24990 added, 10 failed",
  );
});

const program = process.env.SIS_ADD_PROGRAM ?? join(repositoryRoot, "dist", "cli", "sbnsis-add.js");

describe.skipIf(!existsSync(program) || !hasProgram("script"))(
  "sbnsis-add on a terminal, as built (npm run build)",
  () => {
    it.each([60, 132])(
      "sbnsis-add on a terminal keeps its state in one line of %i columns, with failures above it (script)",
      (columns) => {
        const folder = mkdtempSync(join(tmpdir(), "sis-terminal-"));
        try {
          mkdirSync(join(folder, "labels"));
          writeFileSync(join(folder, ".env"), "DB_DATABASE=./made.db\n");
          for (let i = 0; i < 3000; i += 1) {
            const text = i === 2000 ? "<broken" : makeLabel({ lid: `urn:nasa:pds:made.survey:data:t${i}` });
            writeFileSync(join(folder, "labels", `t${i}.xml`), text);
          }
          const command = `stty cols ${columns}; exec '${process.execPath}' '${program}' labels --jobs 1`;
          const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
            cwd: folder,
            encoding: "utf8",
            input: "",
            timeout: 60_000,
          });
          // what was overwritten, and what remains: a restarted line is erased first
          const drawn = stdout.split("\r\u001b[K").map((text) => text.split("\r\n")[0] ?? "");
          const bars = drawn.filter((text) => /^(\[#*-*\] )?\d+ of \d+\+? labels, \d+\/s/.test(text));
          expect(bars.length).toBeGreaterThan(0);
          for (const bar of bars) expect(bar.length).toBeLessThan(columns);
          const lines = stdout.split("\n").map((line) => line.split("\r\u001b[K").at(-1)?.trimEnd());
          expect(lines.filter((line) => line !== "")).toEqual([
            expect.stringMatching(/^failed: .*t2000\.xml: not well-formed XML/),
            "2999 added, 1 failed; 2999 data files are missing",
            "Searched 1 directories, found 3000 labels, 2999 processed.",
          ]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
      90_000,
    );
  },
);
