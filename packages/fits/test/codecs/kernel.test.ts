import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { encodeRice } from "../../src/codecs/rice/rice-encode.ts";
import { tileCodec } from "../../src/codecs/tile/registry.ts";
import { sharedKernel } from "../../src/kernel/kernel.ts";

const script = fileURLToPath(new URL("../../../../scripts/build-kernels.mjs", import.meta.url));

// modules that were loaded without WebAssembly must not reach other test files of this worker
afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it("the committed kernel is what its AssemblyScript sources compile to", () => {
  expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
});

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
  ["is missing", undefined],
  [
    "is refused by a policy",
    {
      Module: class {
        constructor() {
          throw new Error("refused to compile");
        }
      },
    },
  ],
])("the plain twins replace the kernel where WebAssembly %s", async (_, api) => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", api);
  const fresh = await import("../../src/kernel/kernel.ts");
  expect(fresh.sharedKernel()).toBeUndefined();
  const registry = await import("../../src/codecs/tile/registry.ts");
  const codec = registry.tileCodec("RICE_1");
  const out = new Int16Array(40);
  codec.decode(
    codec.encode!(
      out.map((_, i) => i * i),
      {},
    ),
    out,
    { tileLength: 40, count: 40, bytepix: 2 },
  );
  expect(out[39]).toBe(39 * 39);
});
