import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { harvest } from "../../src/harvest/harvest.ts";
import { harvestOptions, sqliteSettings } from "../support/catalog/test-database.ts";
import { makeLabel } from "../support/inputs/make-label.ts";
import { repositoryRoot } from "../support/oracles.ts";
import { runTree } from "../support/programs/run-tree.ts";

const RANGES = ["Visible", "Infrared", undefined];
let folder: string;
let labels: string;
let database: string;
let tree: string;

/** The changes of docs/adding-a-column.md. */
function documentedChanges(): readonly string[] {
  const text = readFileSync(join(repositoryRoot, "docs", "adding-a-column.md"), "utf8");
  return [...text.matchAll(/```diff\n(.*?)```/gs)].map(([, change]) => change!);
}

/** A copy of the sources with the changes. */
function changedTree(): string {
  const copy = join(folder, "tree");
  const take = (path: string) => cpSync(join(repositoryRoot, path), join(copy, path), { recursive: true });
  for (const path of ["package.json", "tsconfig.json", "src", "test/support"]) take(path);
  for (const name of readdirSync(join(repositoryRoot, "packages"))) {
    if (name.includes(".")) continue;
    take(`packages/${name}/package.json`);
    take(`packages/${name}/src`);
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(copy, "node_modules"));
  for (const change of documentedChanges())
    execFileSync("git", ["apply", "--recount"], {
      cwd: copy,
      input: change,
      env: { ...process.env, GIT_DIR: "none" },
    });
  return copy;
}

async function harvested(): Promise<void> {
  const catalog = await openWritableCatalog(sqliteSettings(database));
  await catalog.createTables();
  await harvest(catalog, harvestOptions([labels]));
  await catalog.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-column-"));
  labels = join(folder, "labels");
  database = join(folder, "catalog.db");
  mkdirSync(labels);
  for (const [i, range] of RANGES.entries()) {
    const label = makeLabel({ lid: `urn:nasa:pds:made.survey:data:frame${i}` });
    const facets =
      range === undefined
        ? ""
        : `<Science_Facets><wavelength_range>${range}</wavelength_range></Science_Facets>`;
    writeFileSync(
      join(labels, `frame${i}.xml`),
      label.replace("</Primary_Result_Summary>", `${facets}</Primary_Result_Summary>`),
    );
  }
  await harvested();
  tree = changedTree();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("docs/adding-a-column.md", () => {
  it("docs/adding-a-column.md names two files and a migration", () => {
    const files = documentedChanges().map((change) => /^\+\+\+ b\/(.*)$/m.exec(change)?.[1]);
    expect(files).toEqual([
      "packages/pds4/src/label/label.ts",
      "src/catalog/columns.ts",
      expect.stringMatching(/^src\/catalog\/schema\/migrations\/010-.*\.sql$/),
    ]);
  });

  it("the changes of docs/adding-a-column.md add a column that is harvested, searched, shown and verified, in an existing database too (labels)", async () => {
    const program = "test/support/programs/added-column-program.ts";
    const printed = await runTree(tree, program, [database, labels]);
    const { before, updated, after } = JSON.parse(printed);

    const rangesOf = (answer: { body: { results: { wavelength_range: unknown }[] } }) =>
      answer.body.results.map(({ wavelength_range }) => wavelength_range);
    expect(before[0].statusCode).toBe(200);
    expect(rangesOf(before[0])).toEqual([null, null, null]);
    expect(before[1]).toMatchObject({ statusCode: 500, body: { code: "CATALOG_SCHEMA" } });

    expect(updated.steps).toEqual(["10: the wavelength range"]);
    expect(updated.outcomes).toMatchObject({ updated: 3 });
    expect(updated.report).toEqual({ problems: [], remarks: [] });

    const [all, found, csv, votable] = after;
    expect(rangesOf(all)).toEqual(["Visible", "Infrared", null]);
    expect(found).toMatchObject({ statusCode: 200, body: { total: 1 } });
    expect(rangesOf(found)).toEqual(["Visible"]);
    expect(csv.body.split("\r\n")[0]).toMatch(/,center_dec,wavelength_range$/);
    expect(csv.body.split("\r\n")[1]).toMatch(/,Visible$/);
    expect(votable.body).toContain('<FIELD name="wavelength_range" datatype="unicodeChar" arraysize="*"');
  });

  it("this version, which does not know the column, serves, verifies and harvests the database that has it (labels)", async () => {
    const settings = sqliteSettings(database);
    const catalog = await openCatalog(settings);
    expect(await catalog.findDetail("urn:nasa:pds:made.survey:data:frame0")).toBeDefined();
    await catalog.close();
    const writable = await openWritableCatalog(settings);
    expect(await writable.verifyTables()).toEqual({ problems: [], remarks: [] });
    await writable.close();
    const lid = "urn:nasa:pds:made.survey:data:later";
    writeFileSync(join(labels, "later.xml"), makeLabel({ lid }));
    await harvested();
    const again = await openCatalog(settings);
    expect(await again.findDetail(lid)).toBeDefined();
    await again.close();
  });
});
