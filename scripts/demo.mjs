import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_CUTOUT, DEMO_LABEL, DEMO_PICTURE } from "./demo-requests.mjs";

// `npm run demo`: makes a test data set and a database, starts the service and requests one cutout.
// Everything is stored in data/demo, or in the folder named as the first argument; a second run
// reuses what is there.
const root = fileURLToPath(new URL("..", import.meta.url));
const place = resolve(process.argv[2] ?? join(root, "data", "demo"));
const port = process.env.API_PORT ?? "5000";
const base = `http://127.0.0.1:${port}`;
const say = (text) => process.stdout.write(`${text}\n`);

function fail(reason) {
  process.stderr.write(`demo: ${reason}\n`);
  process.exit(1);
}

/**
 * Runs a program until it ends. With `shows`, for slow programs, its stderr is shown immediately;
 * otherwise the last line of its output is the reason of a failure.
 */
function run(args, { accept = [0], shows = false } = {}) {
  const stdio = ["ignore", "pipe", shows ? "inherit" : "pipe"];
  const done = spawnSync(process.execPath, args, { cwd: place, encoding: "utf8", env: environment, stdio });
  if (accept.includes(done.status)) return done;
  const lines = `${done.stdout}\n${done.stderr ?? ""}`.trim().split("\n");
  return fail(lines.at(-1) || `${args[0]} failed`);
}

/** The folders that a build compiles. */
function sources() {
  const packages = readdirSync(join(root, "packages"), { withFileTypes: true });
  const names = packages.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [join(root, "src"), ...names.map((name) => join(root, "packages", name, "src"))];
}

function newest(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    ...entries.filter((e) => e.isFile()).map((e) => statSync(join(e.parentPath, e.name)).mtimeMs),
  );
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node 20.19 or newer is needed; this is ${process.versions.node}`);
}
// Variables set in the terminal must not reach the demo: the .env in its folder is complete.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(SBNSIS|DB|API|APP|LIVE|IS|PUBLIC)_/.test(name)),
);
const sbnsis = join(root, "dist", "cli", "sbnsis.js");
const sbnsisAdd = join(root, "dist", "cli", "sbnsis-add.js");

try {
  mkdirSync(join(place, "cache"), { recursive: true });
  writeFileSync(
    join(place, ".env"),
    [
      "SBNSIS_LOG_FILE=./logging/sbnsis.log",
      "TEST_DATA_PATH=./test",
      "SBNSIS_CUTOUT_CACHE=./cache",
      "DB_DATABASE=./demo.db",
      "LIVE_GUNICORN_INSTANCES=1",
      `API_PORT=${port}`,
      `PUBLIC_URL=${base}`,
      "",
    ].join("\n"),
  );
  if (!existsSync(sbnsis) || sources().some((folder) => newest(folder) > newest(join(root, "dist")))) {
    say("Building ...");
    const { status } = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], {
      stdio: "inherit",
    });
    if (status !== 0) fail("the build failed");
  }
  if (run([sbnsis, "test-data", "--exists"], { accept: [0, 1] }).status === 0) {
    say("Using the test data set of an earlier run.");
  } else {
    say("Making the test data set ...");
    run([sbnsis, "test-data", "--add"], { shows: true });
    run([sbnsis, "test-data", "--add", "--survey", "moving"], { shows: true });
  }
  const added = run([sbnsisAdd, "-r", join(place, "test")], { shows: true });
  say(added.stdout.trim().split("\n").at(-1) ?? "");
} catch (error) {
  const reasons = {
    ENOSPC: "the disk is full",
    EACCES: "permission denied",
    EROFS: "the file system is read-only",
  };
  fail(`${reasons[error.code] ?? error.message} (${place})`);
}

const service = spawn(process.execPath, [sbnsis, "start", "--no-daemon"], {
  cwd: place,
  env: environment,
  stdio: ["ignore", "pipe", "pipe"],
});
let words = "";
service.stderr.setEncoding("utf8").on("data", (text) => {
  words = (words + text).slice(-4000);
});
const ended = new Promise((resolve) => service.once("exit", resolve));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => service.kill("SIGTERM"));

const started = await Promise.race([
  new Promise((resolve) => {
    service.stdout
      .setEncoding("utf8")
      .on("data", (text) => text.includes(" is running, pid ") && resolve(true));
  }),
  ended.then(() => false),
]);
if (!started)
  fail(
    words
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^sbnsis: /, "") || "the service did not start",
  );

try {
  const { total, milliseconds, file } = await oneCutout();
  say(`
The service is running with a catalog of ${total} images. A FITS cutout took ${milliseconds} ms; it is saved in
  ${file}

Open in a browser:
  ${base}${DEMO_PICTURE}
      a picture with stars, marks and a compass
  ${base}/
      the page, to find, look at, compare and cut images
  ${base}${DEMO_LABEL}
      the PDS4 label of its image
  ${base}/query?maxrec=5
      the first five images of the catalog
  ${base}/ui/
      Swagger UI, to try all requests

docs/user.md has more to try. Press Ctrl-C to stop the service.`);
} catch (error) {
  service.kill("SIGTERM");
  await ended;
  fail(error.message);
}
await ended;

/** Requests a cutout and saves it, and counts the images. */
async function oneCutout() {
  const { total } = await (await ask(`${base}/query?maxrec=0`)).json();
  const begin = performance.now();
  const bytes = Buffer.from(await (await ask(`${base}${DEMO_CUTOUT}`)).arrayBuffer());
  const milliseconds = Math.round(performance.now() - begin);
  const file = join(place, "cutout.fits");
  writeFileSync(file, bytes);
  return { total, milliseconds, file };
}

async function ask(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (response.ok) return response;
  throw new Error(`${url} returned ${response.status}: ${(await response.text()).slice(0, 200)}`);
}
