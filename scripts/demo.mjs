import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// `npm run demo`: a test data set, a database, a service and one cutout, with a word about each. Everything it makes lies in data/demo; a second run
// uses what is there.
const root = fileURLToPath(new URL("..", import.meta.url));
const place = join(root, "data", "demo");
const port = process.env.API_PORT ?? "5000";
const base = `http://127.0.0.1:${port}`;
const say = (text) => process.stdout.write(`${text}\n`);

function fail(reason) {
  process.stderr.write(`demo: ${reason}\n`);
  process.exit(1);
}

/** Runs a program to its end; what it says on stderr is the reason when it fails. */
function run(args, accept = [0]) {
  const done = spawnSync(process.execPath, args, { cwd: place, encoding: "utf8", env: environment });
  if (accept.includes(done.status)) return done;
  const lines = `${done.stdout}\n${done.stderr}`.trim().split("\n");
  return fail(lines.at(-1) || `${args[0]} failed`);
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
// What is set in the terminal must not reach the demo: the file .env in its folder says everything.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(SBNSIS|DB|API|APP|LIVE|IS)_/.test(name)),
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
      "IS_PRODUCTION=FALSE",
      "",
    ].join("\n"),
  );
  if (!existsSync(sbnsis) || newest(join(root, "src")) > newest(join(root, "dist"))) {
    say("Building ...");
    run([join(root, "scripts", "build.mjs")]);
  }
  if (run([sbnsis, "test-data", "--exists"], [0, 1]).status === 0) {
    say("The test data set is there.");
  } else {
    say("Making the test data set ...");
    run([sbnsis, "test-data", "--add"]);
  }
  const added = run([sbnsisAdd, "-r", join(place, "test")]);
  say(added.stdout.trim().split("\n").at(-1) ?? "");
} catch (error) {
  const reasons = {
    ENOSPC: "the disk is full",
    EACCES: "this user may not write here",
    EROFS: "this disk is read-only",
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
    service.stdout.setEncoding("utf8").on("data", (text) => text.includes(" runs, pid ") && resolve(true));
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
  const urls = await oneCutout();
  say(`
The service runs with a catalogue of ${urls.total} images. It was asked for a cutout of ${urls.pixels} pixels around
RA ${urls.ra}, Dec ${urls.dec}, and answered in ${urls.milliseconds} ms. The FITS file lies at
  ${urls.file}
Open in a browser:
  ${base}/ui/   the interface, to try (Swagger)
  ${urls.cutout}   the cutout
  ${urls.label}   the label of its image
  ${base}/query?maxrec=5   what there is
Ctrl-C ends it.`);
} catch (error) {
  service.kill("SIGTERM");
  await ended;
  fail(error.message);
}
await ended;

/** Asks for an image, finds its reference position in its header, and cuts there. */
async function oneCutout() {
  const page = await (await ask(`${base}/query?maxrec=1`)).json();
  const image = page.results[0];
  if (image === undefined) throw new Error("the catalogue is empty");
  const address = `${base}/images/${encodeURIComponent(image.obs_id)}`;
  const header = Buffer.from(await (await ask(address)).arrayBuffer()).toString("latin1", 0, 40_000);
  const value = (key) =>
    Number(new RegExp(`${key} *= *([-+0-9.EeDd]+)`).exec(header)?.[1]?.replace(/[dD]/, "e"));
  const [ra, dec] = [value("CRVAL1"), value("CRVAL2")];
  const pixels = 64;
  const size = `${Math.max(1, pixels * (image.pixel_scale ?? 1 / 3600) * 3600).toFixed(1)}arcsec`;
  const cutout = `${address}?ra=${ra}&dec=${dec}&size=${size}&format=fits`;
  const begin = performance.now();
  const bytes = Buffer.from(await (await ask(cutout)).arrayBuffer());
  const milliseconds = Math.round(performance.now() - begin);
  const file = join(place, "cutout.fits");
  writeFileSync(file, bytes);
  const label = `${address}?format=label`;
  return { total: page.total, pixels: `${pixels} x ${pixels}`, ra, dec, milliseconds, file, cutout, label };
}

async function ask(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (answer.ok) return answer;
  throw new Error(`${url} was answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}
