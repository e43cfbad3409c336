import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docExamples } from "./support/doc-examples.ts";
import { repositoryRoot } from "./support/oracles.ts";

const tsx = join(repositoryRoot, "node_modules", "tsx", "dist", "cli.mjs");
/** The `paths` of this file lead the names of the packages to their sources. */
const tsconfig = join(repositoryRoot, "tsconfig.json");
const packages = readdirSync(join(repositoryRoot, "packages"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const readme = (name: string) => readFileSync(join(repositoryRoot, "packages", name, "README.md"), "utf8");

interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifest = (name: string): Manifest =>
  JSON.parse(readFileSync(join(repositoryRoot, "packages", name, "package.json"), "utf8"));

const examplesOf = (name: string) => docExamples(readme(name), ["ts"]);

/** Separates what the examples print. */
const MARK = "\u0000";
let folder: string;
/** What each example printed, by package and number; all run in one process, one after another. */
const printed = new Map<string, string>();
let complaints: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-readme-"));
  const programs = packages.flatMap((name) =>
    examplesOf(name).map(({ code }, i) => ({ key: `${name}${i}`, code })),
  );
  for (const { key, code } of programs) writeFileSync(join(folder, `${key}.mts`), code);
  const all = programs.map(
    ({ key }) => `process.stdout.write("${MARK}${key}\\n");\nawait import("./${key}.mts");\n`,
  );
  writeFileSync(join(folder, "all.mts"), all.join(""));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [tsx, "--tsconfig", tsconfig, join(folder, "all.mts")],
    { timeout: 50_000 },
  );
  for (const part of stdout.split(MARK).slice(1)) {
    const end = part.indexOf("\n");
    printed.set(part.slice(0, end), part.slice(end + 1));
  }
  complaints = stderr;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(packages)("the package @sbnsis/%s", (name) => {
  it("prints what its README shows when its example runs from the sources", () => {
    const examples = examplesOf(name);
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.map((_, i) => printed.get(`${name}${i}`))).toEqual(examples.map(({ output }) => output));
    expect(complaints).toBe("");
  });

  it("has a README of one screen", () => {
    const lines = readme(name).trimEnd().split("\n");
    expect(lines[0]).toBe(`# @sbnsis/${name}`);
    expect(lines.length).toBeLessThanOrEqual(50);
  });

  it("publishes its build alone, through its door, with exact dependencies and its license", () => {
    const { license, files, exports, dependencies = {}, ...rest } = manifest(name);
    expect({ name: rest.name, license, files }).toEqual({
      name: `@sbnsis/${name}`,
      license: "BSD-3-Clause",
      files: ["dist"],
    });
    expect(Object.keys(exports)).toEqual(expect.arrayContaining([".", "./package.json"]));
    for (const key of Object.keys(exports)) expect([".", "./internal", "./package.json"]).toContain(key);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const key of ["repository", "homepage", "bugs", "publishConfig", "private"])
      expect(rest).not.toHaveProperty(key);
  });
});
