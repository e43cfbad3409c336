// Compiles the kernels in AssemblyScript (packages/*/src/kernel/sources/*.as.ts) to WebAssembly and
// embeds each as base64 in a module next to the folder of its sources. `--check` writes nothing and
// fails when a committed file differs.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/**
 * Kernels: the source with their exports, the module generated from it, and options of the
 * compiler. The kernel of rows works in the memory of the FITS kernel, below its constants.
 */
const KERNELS = [
  {
    source: "packages/fits/src/kernel/sources/index.as.ts",
    module: "packages/fits/src/kernel/kernel.generated.ts",
  },
  {
    source: "packages/imaging/src/kernel/sources/index.as.ts",
    module: "packages/imaging/src/kernel/kernel.generated.ts",
  },
  {
    source: "packages/imaging/src/kernel/sources/rows.as.ts",
    module: "packages/imaging/src/kernel/row-kernel.generated.ts",
    options: ["--importMemory", "--memoryBase", "512"],
  },
  {
    source: "packages/imaging/src/stack/kernel/sources/index.as.ts",
    module: "packages/imaging/src/stack/kernel/kernel.generated.ts",
  },
];

/** The text of the module generated for a kernel. */
async function generate({ source, options = [] }) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      fileURLToPath(new URL(`../${source}`, import.meta.url)),
      "--outFile",
      "kernel.wasm",
      ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--initialMemory", "1"],
      ...options,
    ],
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error !== null || stderr.toString() !== "")
    throw new Error(`asc: ${stderr.toString()}`, { cause: error });
  const wasm = Buffer.from(files.get("kernel.wasm"));
  const lines = wasm.toString("base64").match(/.{1,100}/g);
  return [
    `// Made by scripts/build-kernels.mjs from ${source}. Do not edit.`,
    `/** The compiled kernel: ${wasm.length} bytes of WebAssembly with SIMD, as base64. */`,
    "export const KERNEL_BASE64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

for (const kernel of KERNELS) {
  const target = new URL(`../${kernel.module}`, import.meta.url);
  const text = await generate(kernel);
  if (!process.argv.includes("--check")) await writeFile(target, text);
  else if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error(`${kernel.module} is not what its sources give: run node scripts/build-kernels.mjs`);
    process.exitCode = 1;
  }
}
