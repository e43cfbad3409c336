import { spawnSync } from "node:child_process";

// Refuses commits whose subject is longer than 72 characters. Those up to BASE, the end of the
// release before the rule, are excused; a history without that commit is checked as a whole.
const BASE = "4432fe68b0c32253afd97edc5c2fa0186b652f53";
const LONGEST = 72;

const git = (...args) => spawnSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 26 });
const known = git("merge-base", "--is-ancestor", BASE, "HEAD").status === 0;
const log = git("log", "--no-merges", "--format=%h %s", known ? `${BASE}..HEAD` : "HEAD");
if (log.status !== 0) throw new Error(log.stderr);
const long = log.stdout.split("\n").filter((line) => line.slice(line.indexOf(" ") + 1).length > LONGEST);
if (long.length > 0) {
  console.error(`subjects of more than ${LONGEST} characters:\n${long.join("\n")}`);
  process.exit(1);
}
