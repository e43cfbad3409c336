// Compiles the kernels in AssemblyScript (packages/*/src/kernel/sources/*.as.ts) to WebAssembly and
// embeds each as base64 in a module next to its folder. `--check` writes nothing and fails when a
// committed file differs.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** Folders that contain a folder `sources` and the module generated from it. */
const FOLDERS = ["packages/fits/src/kernel", "packages/imaging/src/kernel"];

/** The text of the module generated from a folder. */
async function generate(folder) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      fileURLToPath(new URL(`../${folder}/sources/index.as.ts`, import.meta.url)),
      "--outFile",
      "kernel.wasm",
      ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--initialMemory", "1"],
    ],
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error !== null || stderr.toString() !== "")
    throw new Error(`asc: ${stderr.toString()}`, { cause: error });
  const wasm = Buffer.from(files.get("kernel.wasm"));
  const lines = wasm.toString("base64").match(/.{1,100}/g);
  return [
    `// Made by scripts/build-kernels.mjs from ${folder}/sources/. Do not edit.`,
    `/** The compiled kernels: ${wasm.length} bytes of WebAssembly with SIMD, as base64. */`,
    "export const KERNEL_BASE64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

for (const folder of FOLDERS) {
  const target = new URL(`../${folder}/kernel.generated.ts`, import.meta.url);
  const text = await generate(folder);
  if (!process.argv.includes("--check")) await writeFile(target, text);
  else if ((await readFile(target, "utf8")) !== text) {
    console.error(
      `${folder}/kernel.generated.ts is not what its sources give: run node scripts/build-kernels.mjs`,
    );
    process.exitCode = 1;
  }
}
