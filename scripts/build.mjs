import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

// Compiles src/ to dist/ and packages/*/src to packages/*/dist, and bundles page/ to dist/page.
// Everything is first compiled to temporary folders and then moved into place, so that a failing
// build leaves the old one unchanged.
const root = fileURLToPath(new URL("..", import.meta.url));
/** The native compiler, in a fifth of the time of the one that other tools use as a library. */
const compiler = `${root}node_modules/typescript-7/bin/tsc`;
const fresh = `${root}.build-${process.pid}`;
/** Files that are read as they are. */
const MIGRATIONS = "catalog/schema/migrations";
/**
 * Dependencies of hundreds of modules, which take longer to load than all others together: the
 * build bundles what is used of each into one file (docs/decisions/0023-bundled-dependencies.md).
 */
const BUNDLED = ["kysely", "typebox"];
/**
 * Programs of hundreds of modules of our own. Each is bundled to programs/, with what several of
 * them use in common files, and its module is replaced by one that exports the bundle.
 */
const PROGRAMS = [
  "cli/sbnsis-commands",
  "cli/add/add-labels",
  "cluster/master/master-program",
  "cluster/worker/worker-program",
  "harvest/read/read-thread",
  "products/threads/band-thread",
  "products/threads/compute-thread",
];
/**
 * Dependencies that programs load from node_modules: those with native code, with files or threads
 * of their own, and what an operator's program shares with the service (OpenTelemetry).
 */
const LOADED = new Set([
  "@fastify/static",
  "@fastify/swagger-ui",
  "@fxpineau/moc-wasm",
  "@opentelemetry/api",
  "@photostructure/sqlite",
  "pg",
  "pg-boss",
  "piscina",
  "sharp",
]);
/** Modules of CommonJS in a bundle load those of Node with it. */
const REQUIRE =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';
/** Folders with a `dist`, the service last: it needs the packages. */
const parts = [
  ...readdirSync(`${root}packages`)
    .filter(isPackage)
    .map((name) => `packages/${name}/`),
  "",
];

removeLeftovers();
if (!existsSync(compiler)) {
  const everything = existsSync(`${root}node_modules`);
  fail(`typescript is not installed: run npm ci${everything ? " --include=dev" : ""}`);
}
try {
  await compile();
  cpSync(`${root}src/${MIGRATIONS}`, `${fresh}/src/${MIGRATIONS}`, { recursive: true });
  for (const name of BUNDLED) await bundle(name);
  await bundlePrograms(PROGRAMS.filter((name) => existsSync(`${fresh}/src/${name}.js`)));
  if (existsSync(`${root}page`)) {
    const { buildPage } = await import("./build-page.mjs");
    await buildPage(root, `${fresh}/src/page`);
  }
  for (const command of ["sbnsis", "sbnsis-add"]) chmodSync(`${fresh}/src/cli/${command}.js`, 0o755);
  const { sourceDigest } = await import(`${fresh}/src/cluster/control/source-digest.js`);
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const record = { version, source: sourceDigest(root.replace(/[/\\]$/, "")) };
  writeFileSync(`${fresh}/src/build.json`, `${JSON.stringify(record)}\n`);
  for (const part of parts) replace(part);
  rmSync(fresh, { recursive: true, force: true });
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  fail(`${error.message}; dist/ is as it was`);
}

function isPackage(name) {
  return existsSync(`${root}packages/${name}/package.json`);
}

/** Runs the compiler and shows progress, once a second on a terminal, else every five seconds. */
async function compile() {
  const { isTTY } = process.stdout;
  const began = performance.now();
  const what = "compiling src/ and packages/*/src ...";
  process.stdout.write(isTTY ? what : `${what}\n`);
  const beat = setInterval(
    () => {
      const seconds = Math.round((performance.now() - began) / 1000);
      process.stdout.write(isTTY ? `\r${what} ${seconds} s` : `still compiling after ${seconds} s\n`);
    },
    isTTY ? 1000 : 5000,
  );
  let said = "";
  try {
    const options = { stdio: ["ignore", "pipe", "inherit"] };
    const tsc = spawn(
      process.execPath,
      [compiler, "-p", `${root}tsconfig.build.json`, "--outDir", fresh],
      options,
    );
    tsc.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    const [status, signal] = await once(tsc, "close");
    if (status !== 0) throw new Error(`the compiler ended with ${signal ?? status}`);
  } finally {
    clearInterval(beat);
    process.stdout.write(`${isTTY ? "\n" : ""}${said}`);
  }
}

/** Writes vendor/NAME.js with its license, and makes the compiled modules import that file. */
async function bundle(name) {
  const imports = new RegExp(`^import \\{ ([^}]+) \\} from "${name}";$`, "m");
  const importers = readdirSync(`${fresh}/src`, { recursive: true })
    .filter((file) => file.endsWith(".js"))
    .map((file) => ({ file, text: readFileSync(`${fresh}/src/${file}`, "utf8") }))
    .filter(({ text }) => imports.test(text));
  if (importers.length === 0) return;
  const names = new Set(
    importers
      .flatMap(({ text }) => imports.exec(text)[1].split(", "))
      .map((one) => one.replace(/ as .*/, "")),
  );
  const esbuild = await import("esbuild");
  await esbuild.build({
    stdin: { contents: `export { ${[...names].sort().join(", ")} } from "${name}";`, resolveDir: root },
    outfile: `${fresh}/src/vendor/${name}.js`,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  const folder = `${root}node_modules/${name}/`;
  const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  copyFileSync(`${folder}${license}`, `${fresh}/src/vendor/${name}.license.txt`);
  for (const { file, text } of importers) {
    const up = "../".repeat(file.split("/").length - 1) || "./";
    writeFileSync(`${fresh}/src/${file}`, text.replace(`from "${name}";`, `from "${up}vendor/${name}.js";`));
  }
}

/** Writes the bundles of programs, which share files, and makes their modules export them. */
async function bundlePrograms(names) {
  if (names.length === 0) return;
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    entryPoints: names.map((name) => ({ in: `${fresh}/src/${name}.js`, out: name.split("/").at(-1) })),
    outdir: `${fresh}/src/programs`,
    chunkNames: "shared-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    metafile: true,
    banner: { js: REQUIRE },
    logLevel: "error",
    plugins: [{ name: "modules", setup: resolveModules }],
  });
  for (const name of names) {
    const up = "../".repeat(name.split("/").length - 1) || "./";
    writeFileSync(`${fresh}/src/${name}.js`, `export * from "${up}programs/${name.split("/").at(-1)}.js";\n`);
    rmSync(`${fresh}/src/${name}.js.map`, { force: true });
  }
  writeFileSync(`${fresh}/src/programs/licenses.txt`, licensesOf(Object.keys(metafile.inputs)));
}

/** The names, versions and licenses of the dependencies that have any of these files. */
function licensesOf(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(file)?.[0]);
  const texts = [...new Set(folders)].sort().flatMap((folder) => {
    if (folder === undefined) return [];
    const { name, version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? "" : `\n${readFileSync(`${folder}${file}`, "utf8").trim()}\n`;
    return [`${name} ${version}: ${license}\n${text}`];
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Our packages and other dependencies are bundled, except LOADED; modules of ours find files from
 * where they were.
 */
function resolveModules({ onLoad, onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path }) => {
    const [, name, door = "index"] = /^@sbnsis\/([a-z0-9]+)(?:\/(internal))?$/.exec(path) ?? [];
    if (name !== undefined) return { path: `${fresh}/packages/${name}/src/${door}.js` };
    const [dependency] = /^(?:@[^/]+\/)?[^/]+/.exec(path);
    return LOADED.has(dependency) ? { path, external: true } : undefined;
  });
  onLoad({ filter: /\.js$/ }, ({ path }) => {
    if (!path.startsWith(fresh)) return undefined;
    const place = JSON.stringify(`../${relative(`${fresh}/src`, path)}`);
    const text = readFileSync(path, "utf8");
    return { contents: text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`) };
  });
}

/** A folder cannot be renamed over one with files, so the old one is moved aside first. */
function replace(part) {
  const finished = `${root}${part}dist`;
  const old = `${finished}.old-${process.pid}`;
  const replaces = existsSync(finished);
  if (replaces) renameSync(finished, old);
  try {
    renameSync(`${fresh}/${part}src`, finished);
  } catch (error) {
    if (replaces) renameSync(old, finished);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Removes the leftovers of killed builds. */
function removeLeftovers() {
  for (const part of parts) {
    const folder = `${root}${part}`;
    for (const name of readdirSync(folder)) {
      const match = /^(?:\.build|dist\.old)-(\d+)$/.exec(name);
      if (match === null || isAlive(Number(match[1]))) continue;
      // a build killed between the two renames leaves the only build under its temporary name
      if (name.startsWith("dist.old-") && !existsSync(`${folder}dist`))
        renameSync(`${folder}${name}`, `${folder}dist`);
      else rmSync(`${folder}${name}`, { recursive: true, force: true });
    }
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
