import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const build = () => spawnSync(process.execPath, [at("scripts", "build.mjs")], { encoding: "utf8" });

// A small installation with the real build script, the real compiler and the sources that the
// script needs.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-build-"));
  for (const name of [
    "scripts",
    "src/cli",
    "src/cluster/control",
    "src/cluster/worker",
    "src/catalog/schema/migrations",
    "packages/one/src",
    "node_modules",
    "dist/cli",
  ])
    mkdirSync(at(name), { recursive: true });
  for (const name of ["scripts/build.mjs", "src/cluster/control/source-digest.ts", "tsconfig.json"])
    cpSync(join(root, name), at(name));
  cpSync(join(root, "tsconfig.build.json"), at("tsconfig.build.json"));
  for (const name of ["@types", "undici-types", "esbuild", "@esbuild"])
    symlinkSync(join(root, "node_modules", name), at("node_modules", name));
  for (const name of ["sbnsis", "sbnsis-add"])
    writeFileSync(at("src", "cli", `${name}.ts`), "export const answer: number = 42;\n");
  writeFileSync(at("src", "catalog", "schema", "migrations", "1.sql"), "CREATE TABLE a (b)");
  writeFileSync(at("src", "cluster", "place.ts"), "export const place: string = import.meta.url;\n");
  writeFileSync(
    at("src", "cluster", "worker", "worker-program.ts"),
    'import { one } from "@sbnsis/one";\nimport { place } from "../place.ts";\nprocess.stdout.write([place, one].join(" "));\n',
  );
  writeFileSync(at("packages", "one", "src", "index.ts"), "export const one = 1;\n");
  writeFileSync(at("packages", "one", "package.json"), '{"type":"module"}');
  writeFileSync(at("package.json"), '{"type":"module","version":"1.2.3"}');
  writeFileSync(at("dist", "cli", "sbnsis.js"), "// the old build\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const oldBuildIsThere = () => readFileSync(at("dist", "cli", "sbnsis.js"), "utf8") === "// the old build\n";
const folders = () => readdirSync(folder).filter((name) => /^(?:dist|\.build)/.test(name));

test("a build without typescript, as after NODE_ENV=production npm ci, says which command to run and leaves dist/ unchanged", () => {
  const { status, stderr } = build();
  expect(status).toBe(1);
  expect(stderr).toBe("build: typescript is not installed: run npm ci --include=dev\n");
  expect([oldBuildIsThere(), folders()]).toEqual([true, ["dist"]]);
});

test("a build that does not compile leaves dist/ unchanged, and nothing next to it", () => {
  symlinkSync(join(root, "node_modules", "typescript-7"), at("node_modules", "typescript-7"));
  const broken = at("src", "broken.ts");
  writeFileSync(broken, 'export const answer: number = "forty-two";\n');
  const { status, stdout, stderr } = build();
  rmSync(broken);
  expect(status).toBe(1);
  expect(stdout).toContain("broken.ts");
  expect(stderr).toMatch(/^build: the compiler ended with \d; dist\/ is as it was\n$/);
  expect([oldBuildIsThere(), folders()]).toEqual([true, ["dist"]]);
});

test("a build replaces the old one as a whole, and records its version and source", () => {
  const { status, stderr } = build();
  expect([status, stderr]).toEqual([0, ""]);
  expect([oldBuildIsThere(), folders()]).toEqual([false, ["dist"]]);
  expect(existsSync(at("packages", "one", "dist", "index.js"))).toBe(true);
  expect(existsSync(at("dist", "catalog", "schema", "migrations", "1.sql"))).toBe(true);
  expect(statSync(at("dist", "cli", "sbnsis.js")).mode & 0o111).toBe(0o111);
  const { version, source } = JSON.parse(readFileSync(at("dist", "build.json"), "utf8"));
  expect([version, source]).toEqual(["1.2.3", expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test("a program is one bundle behind its module, packages included, and finds files from where its modules were", () => {
  rmSync(at("dist", "cluster", "place.js"));
  rmSync(at("packages", "one", "dist"), { recursive: true });
  const program = at("dist", "cluster", "worker", "worker-program.js");
  const { status, stdout } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, `${pathToFileURL(at("dist", "cluster", "place.js")).href} 1`]);
});

test("the next build restores what a build killed between its two renames had set aside", () => {
  renameSync(at("dist"), at("dist.old-4194301"));
  mkdirSync(at(".build-4194301"));
  rmSync(at("node_modules", "typescript-7"));
  expect(build().status).toBe(1);
  expect([existsSync(at("dist", "build.json")), folders()]).toEqual([true, ["dist"]]);
});
