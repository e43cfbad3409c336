import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// Counts comment lines of more than 100 columns in each part of the repository. A part may hold no
// more than its allowance, which is lowered as its comments are wrapped, until it is 0.
const WIDEST = 100;
/** The first part that a path begins with counts. */
const ALLOWED = {
  "packages/fits/": 261,
  "packages/imaging/": 168,
  "packages/": 0,
  "src/cli/": 15,
  "src/errors/": 1,
  "src/harvest/": 33,
  "src/test-data/": 19,
  "src/": 0,
  "bench/": 57,
  "scripts/": 10,
  "test/": 63,
  "": 2,
};
const COMMENT = /^\s*(\/\/|\/\*|\*)/;

const { stdout } = spawnSync("git", ["ls-files", "-z", "*.ts", "*.mjs", "*.cjs"], { encoding: "utf8" });
const wide = new Map(Object.keys(ALLOWED).map((part) => [part, []]));
for (const path of stdout.split("\0").filter((path) => path !== "" && !path.includes(".generated."))) {
  const part = Object.keys(ALLOWED).find((part) => path.startsWith(part));
  readFileSync(path, "utf8")
    .split("\n")
    .forEach((line, i) => {
      if (line.length > WIDEST && COMMENT.test(line)) wide.get(part).push(`${path}:${i + 1}`);
    });
}
let failed = false;
for (const [part, lines] of wide) {
  if (lines.length > ALLOWED[part]) {
    failed = true;
    console.error(`${part || "elsewhere"}: ${lines.length} wide comment lines, allowed ${ALLOWED[part]}`);
    console.error(lines.slice(0, 20).join("\n"));
  } else if (process.argv.includes("--count")) console.log(`${part || "elsewhere"}: ${lines.length}`);
}
if (failed) process.exit(1);
