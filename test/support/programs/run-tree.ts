import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

/**
 * Runs a program of a copy of the sources, whose packages are those of the copy, and returns what
 * it prints. It is bundled, which takes a fraction of the time of loading hundreds of modules from
 * TypeScript; `import.meta.url` is that of each module.
 */
export async function runTree(tree: string, program: string, args: readonly string[] = []): Promise<string> {
  const outfile = join(tree, "bundled-program.mjs");
  await build({
    entryPoints: [join(tree, program)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
    plugins: [
      {
        name: "copy",
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path }) => {
            const [, name, door = "index"] = /^@sbnsis\/([a-z0-9]+)(?:\/(internal))?$/.exec(path) ?? [];
            return name === undefined
              ? { path, external: true }
              : { path: join(tree, "packages", name, "src", `${door}.ts`) };
          });
          onLoad({ filter: /\.ts$/ }, ({ path }) => ({
            contents: readFileSync(path, "utf8").replaceAll(
              "import.meta.url",
              JSON.stringify(pathToFileURL(path).href),
            ),
            loader: "ts",
          }));
        },
      },
    ],
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, ...args], { cwd: tree });
  return stdout;
}
