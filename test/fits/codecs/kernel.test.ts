import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/build-kernels.mjs", import.meta.url));

it("is committed as its AssemblyScript sources compile", () => {
  expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
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
])("is done without where WebAssembly %s", async (_, api) => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", api);
  const { sharedKernel } = await import("../../../src/fits/codecs/kernel.ts");
  expect(sharedKernel()).toBeUndefined();
  const { tileCodec } = await import("../../../src/fits/codecs/registry.ts");
  const codec = tileCodec("RICE_1");
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
  vi.unstubAllGlobals();
});
