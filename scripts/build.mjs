import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Compiles src/ beside dist/ and then puts it in its place: a build that fails leaves the old one as it was.
const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = `${root}node_modules/typescript/bin/tsc`;
const finished = `${root}dist`;
const fresh = `${root}dist.new-${process.pid}`;
const old = `${root}dist.old-${process.pid}`;

removeLeftovers();
if (!existsSync(compiler)) {
  const everything = existsSync(`${root}node_modules`);
  fail(`typescript is not installed: run npm ci${everything ? " --include=dev" : ""}`);
}
process.stdout.write("compiling src/ to dist/ ...\n");
try {
  const tsc = spawnSync(process.execPath, [compiler, "-p", `${root}tsconfig.build.json`, "--outDir", fresh], {
    stdio: "inherit",
  });
  if (tsc.error !== undefined) throw tsc.error;
  if (tsc.status !== 0) throw new Error(`the compiler ended with ${tsc.signal ?? tsc.status}`);
  for (const command of ["sbnsis", "sbnsis-add"]) chmodSync(`${fresh}/cli/${command}.js`, 0o755);
  const { sourceDigest } = await import(`${fresh}/supervisor/source-digest.js`);
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const record = { version, source: sourceDigest(`${root}src`) };
  writeFileSync(`${fresh}/build.json`, `${JSON.stringify(record)}\n`);
  replace();
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  fail(`${error.message}; dist/ is as it was`);
}

/** A folder cannot be renamed over one that holds files, so the old one steps aside for a moment. */
function replace() {
  const replaces = existsSync(finished);
  if (replaces) renameSync(finished, old);
  try {
    renameSync(fresh, finished);
  } catch (error) {
    if (replaces) renameSync(old, finished);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** What builds left behind that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const match = /^dist\.(?:new|old)-(\d+)$/.exec(name);
    if (match === null || isAlive(Number(match[1]))) continue;
    // killed between the two renames, it took the only build with it
    if (name.startsWith("dist.old-") && !existsSync(finished)) renameSync(`${root}${name}`, finished);
    else rmSync(`${root}${name}`, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(reason) {
  process.stderr.write(`build: ${reason}\n`);
  process.exit(1);
}
