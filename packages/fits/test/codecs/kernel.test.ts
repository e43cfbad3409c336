import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { encodeRice } from "../../src/codecs/rice/rice-encode.ts";
import { tileCodec } from "../../src/codecs/tile/registry.ts";
import { sharedKernel } from "../../src/kernel/kernel.ts";

const dist = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;

it("the kernel takes temporary memory for a very large tile, and releases it", () => {
  const kernel = sharedKernel()!;
  expect(kernel.withMemory(1_000_000)).toBe(kernel);
  const count = 36_000_000;
  const tile = encodeRice(new Int16Array(count).fill(7), 32);
  const out = new Int16Array(count);
  tileCodec("RICE_1").decode(tile, out, { tileLength: count, count, bytepix: 2 });
  expect(out.every((pixel) => pixel === 7)).toBe(true);
  expect(kernel.memory.byteLength).toBeLessThan(67_108_864);
  expect(kernel.withMemory(2 ** 32)).toBeUndefined();
});

it.each([
  ["is missing", "undefined"],
  [
    "is refused by a policy",
    '{ Module: class { constructor() { throw new Error("refused to compile"); } } }',
  ],
])("the plain twins replace the kernel where WebAssembly %s", (_, api) => {
  // a process of its own, with the build: the modules of this one have compiled their kernel
  const program = `
    globalThis.WebAssembly = ${api};
    const { sharedKernel } = await import("${dist("kernel/kernel.js")}");
    const { tileCodec } = await import("${dist("codecs/tile/registry.js")}");
    const codec = tileCodec("RICE_1");
    const out = new Int16Array(40);
    const tile = codec.encode(out.map((_, i) => i * i), {});
    codec.decode(tile, out, { tileLength: 40, count: 40, bytepix: 2 });
    process.stdout.write([sharedKernel(), out[39]].map(String).join(" "));`;
  const arguments_ = ["--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, arguments_, { encoding: "utf8" })).toBe(`undefined ${39 * 39}`);
});
