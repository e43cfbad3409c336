// Bundles page/ for browsers: scripts and style sheet with hashes in their names, each also
// compressed with brotli and gzip, and manifest.json, which says what the service sends with which
// view. build.mjs calls it.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { renderGuide } from "./render-guide.mjs";

/** The module that each view loads first, by the name of the view. */
const VIEWS = {
  find: "page/find/find.tsx",
  look: "page/look/look.tsx",
  compare: "page/compare/compare.tsx",
  cut: "page/cut/cut.tsx",
};
const MAIN = "page/app/main.tsx";
const GUIDE = "page/guide/guide.ts";
const STYLE = "page/ui/styles/style.css";
const WORKERS = "page/workers";

/**
 * Writes the built page into a folder: `assets/` and `manifest.json`.
 * @param {string} root folder of the repository
 * @param {string} target
 */
export async function buildPage(root, target) {
  const esbuild = await import("esbuild");
  const workers = existsSync(join(root, WORKERS))
    ? readdirSync(join(root, WORKERS)).filter((name) => name.endsWith(".ts"))
    : [];
  const options = {
    absWorkingDir: root,
    outdir: "assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    metafile: true,
    write: false,
    legalComments: "none",
    tsconfig: join(root, "page/tsconfig.json"),
    logLevel: "error",
  };
  // apart from the views: what both use would be in chunks with all that either uses of a package
  const built = await Promise.all([
    esbuild.build({ ...options, entryPoints: [MAIN, GUIDE, STYLE], splitting: true }),
    esbuild.build({ ...options, entryPoints: workers.map((name) => `${WORKERS}/${name}`) }),
  ]);
  const outputFiles = built.flatMap((one) => one.outputFiles);
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const assets = join(target, "assets");
  mkdirSync(assets, { recursive: true });
  const sizes = {};
  for (const { path, contents } of outputFiles)
    sizes[basename(path)] = writeAsset(assets, basename(path), contents);
  const addPicture = (name, bytes) => {
    const hashed = hashedName(name, bytes);
    writeFileSync(join(assets, hashed), bytes);
    sizes[hashed] = { bytes: bytes.length };
    return hashed;
  };
  const guide = renderGuide(root, addPicture);
  writeFileSync(join(target, "guide.json"), `${JSON.stringify(guide, null, 1)}\n`);
  const licenses = Buffer.from(licenseTexts(root, inputs));
  const licensesName = hashedName("licenses.txt", licenses);
  sizes[licensesName] = writeAsset(assets, licensesName, licenses);
  const nameOf = (source) => {
    const found = Object.keys(outputs).find((output) => outputs[output].entryPoint === source);
    if (found === undefined) throw new Error(`the bundle of the page has no ${source}`);
    return basename(found);
  };
  const manifest = {
    main: nameOf(MAIN),
    style: nameOf(STYLE),
    guideScript: nameOf(GUIDE),
    licenses: licensesName,
    workers: Object.fromEntries(workers.map((name) => [basename(name, ".ts"), nameOf(`${WORKERS}/${name}`)])),
    views: Object.fromEntries(
      Object.entries(VIEWS).map(([view, source]) => [view, firstScripts(outputs, [MAIN, source])]),
    ),
    assets: sizes,
  };
  writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * The scripts that modules and all that they import statically are in, those of the modules first.
 */
function firstScripts(outputs, sources) {
  const found = new Set();
  const add = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind } of outputs[path].imports)
      if (kind === "import-statement") add(imported);
  };
  for (const source of sources) {
    add(Object.keys(outputs).find((output) => outputs[output].entryPoint === source));
  }
  return [...found].map((path) => basename(path));
}

/** A name with a digest of the content before its extension. */
function hashedName(name, bytes) {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  return name.replace(/(\.[^.]*)$/, `-${digest}$1`);
}

/** Writes a file and its compressed forms; returns their sizes in bytes. */
function writeAsset(folder, name, contents) {
  const brotli = brotliCompressSync(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
  });
  const gzip = gzipSync(contents, { level: 9 });
  writeFileSync(join(folder, name), contents);
  writeFileSync(join(folder, `${name}.br`), brotli);
  writeFileSync(join(folder, `${name}.gz`), gzip);
  return { bytes: contents.length, gzip: gzip.length, brotli: brotli.length };
}

/** The licenses of the packages whose modules are in the bundle. */
function licenseTexts(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? license : readFileSync(join(root, folder, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
