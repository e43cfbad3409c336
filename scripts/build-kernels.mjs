// Compiles src/fits/codecs/kernels/*.as.ts (AssemblyScript) to WebAssembly and embeds it as base64 in
// src/fits/codecs/kernel.generated.ts. `--check` writes nothing and fails when the committed file differs.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const source = fileURLToPath(new URL("../src/fits/codecs/kernels/index.as.ts", import.meta.url));
const target = fileURLToPath(new URL("../src/fits/codecs/kernel.generated.ts", import.meta.url));

/** The text of the generated module. */
async function generate() {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      source,
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
    "// Made by scripts/build-kernels.mjs from src/fits/codecs/kernels/. Do not edit.",
    `/** The compiled kernels: ${wasm.length} bytes of WebAssembly with SIMD, as base64. */`,
    "export const KERNEL_BASE64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

const text = await generate();
if (process.argv.includes("--check")) {
  const committed = await readFile(target, "utf8");
  if (committed !== text) {
    console.error(
      "src/fits/codecs/kernel.generated.ts is not what its sources give: run node scripts/build-kernels.mjs",
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
