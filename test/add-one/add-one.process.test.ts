import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { repositoryRoot } from "../support/oracles.ts";
import { runTree } from "../support/programs/run-tree.ts";

const copy = mkdtempSync(join(tmpdir(), "sis-add-one-"));
afterAll(() => rmSync(copy, { recursive: true }));

/** The blocks of the page: a new file, or the lines of a registry that change. */
function applyPage(page: string): readonly string[] {
  const files: string[] = [];
  for (const [, kind, path = "", text = ""] of page.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)) {
    files.push(path);
    if (kind === "ts") {
      writeFileSync(join(copy, path), text, { flag: "wx" });
      continue;
    }
    const lines = text.trimEnd().split("\n");
    const [before, ...rest] = lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
    const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
    const registry = readFileSync(join(copy, path), "utf8");
    expect(rest).toEqual([]);
    expect(registry.split("\n"), `${path} has the line that the page changes`).toContain(before);
    const [imported, ...entries] = added;
    writeFileSync(join(copy, path), `${imported}\n${registry.replace(before!, entries.join("\n"))}`);
  }
  return files;
}

test("a stretch, a survey, a codec, a format and a route, each added by one file and one line as in docs/adding-one.md, work", async () => {
  for (const folder of ["src", "packages", "test/support", "test/add-one", "tsconfig.json", "package.json"]) {
    cpSync(join(repositoryRoot, folder), join(copy, folder), {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules|test\/fixtures)$/.test(path),
    });
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(copy, "node_modules"));
  const files = applyPage(readFileSync(join(repositoryRoot, "docs", "adding-one.md"), "utf8"));
  expect(files).toHaveLength(10);
  const stdout = await runTree(copy, "test/add-one/added-program.ts");
  const used = JSON.parse(stdout) as Record<string, unknown>;
  expect(used.stretch).toEqual({
    wrong: 0,
    offered: ["linear", "sqrt", "log", "asinh", "power", "cube"],
  });
  expect(used.survey).toBe(2);
  // two's complement: all bits inverted is -1 - n
  expect(used.codec).toEqual([-2, 1, -301, -1]);
  expect(used.format).toEqual({
    format: "webp",
    mediaType: "image/webp",
    offered: ["fits", "jpeg", "jpg", "png", "webp", "label", "header"],
  });
  expect(used.route).toEqual({ status: 200, body: { greeting: "hello" }, isListed: true });
});
