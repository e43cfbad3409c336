import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MOST = 6;

/** Functions that may have more parameters, each with the reason. */
const KERNEL = "a WebAssembly function, with a typed call description";
const INNER = "called for each pixel or segment of a picture, where an object would be allocated";
const ALLOWED: Readonly<Record<string, string>> = {
  "packages/fits/src/kernel/kernel.ts decode": KERNEL,
  "packages/fits/src/kernel/kernel.ts hcompress": KERNEL,
  "packages/fits/src/codecs/hcompress/hcompress-smooth.ts smoothCurvature": INNER,
  "packages/wcs/src/projections/conic.ts coneToNative": INNER,
  "packages/imaging/src/resample/block-means.ts addAlong": INNER,
  "packages/imaging/src/resample/coverage.ts classifyCorners": INNER,
  "packages/imaging/src/resample/nearest.ts resampleBent": INNER,
  "packages/imaging/src/resample/nearest.ts copySegment": INNER,
  "packages/imaging/src/stack/kernel/sample-plain.ts sampleRowPlain": INNER,
  "packages/imaging/src/stack/kernel/stack-machine.ts (anonymous)": INNER,
  "packages/imaging/src/stack/kernel/stack-machine.ts placeRow": KERNEL,
  "packages/imaging/src/stack/kernel/stack-machine.ts sampleRow": KERNEL,
  "packages/imaging/src/stack/kernel/stack-machine.ts addWeighted": KERNEL,
  "packages/imaging/src/stack/kernel/stack-machine.ts clippedMeans": KERNEL,
};

/** File and name of every function with more than MOST. */
function longListsOf(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node, parent: ts.Node): void => {
    if (ts.isFunctionLike(node) && node.parameters.length > MOST) {
      const owner = node.name ?? (ts.isVariableDeclaration(parent) ? parent.name : undefined);
      found.push(`${path} ${owner?.getText(source) ?? "(anonymous)"}`);
    }
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(source, source);
  return found;
}

function longLists(path: string): readonly string[] {
  return longListsOf(path, readFileSync(join(ROOT, path), "utf8"));
}

/** Sources below a folder, without those of AssemblyScript and of tests. */
function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => /^(src|packages\/[^/]+\/src)\//.test(path))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".as.ts"));
}

describe("the sources of the service and its packages", () => {
  it("functions have at most six parameters by the TypeScript parser, apart from listed kernels", () => {
    const paths = ["src", "packages"].flatMap((folder) => sourcesIn(folder));
    expect(paths.length).toBeGreaterThan(300);
    expect([...new Set(paths.flatMap(longLists))].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it("an arrow function, a method and a type with seven parameters are found by the TypeScript parser", () => {
    const list = "a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1";
    const text = `const one = (${list}) => a;\nclass A { two(${list}) {} }\ninterface B { three(${list}): void }`;
    expect(longListsOf("x.ts", text)).toEqual(["x.ts one", "x.ts two", "x.ts three"]);
  });
});
