import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// Fails if a comment line has more than 100 columns.
const WIDEST = 100;
const COMMENT = /^\s*(\/\/|\/\*|\*(?=[\s/]|$))/;

const { stdout } = spawnSync("git", ["ls-files", "-z", "*.ts", "*.mjs", "*.cjs"], { encoding: "utf8" });
const wide = stdout
  .split("\0")
  .filter((path) => path !== "" && !path.includes(".generated."))
  .flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, i) => (line.length > WIDEST && COMMENT.test(line) ? [`${path}:${i + 1}`] : [])),
  );
if (wide.length > 0) {
  console.error(`comment lines of more than ${WIDEST} columns:\n${wide.join("\n")}`);
  process.exit(1);
}
