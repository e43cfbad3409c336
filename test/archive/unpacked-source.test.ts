import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { openSource } from "../../src/archive/source/open-source.ts";
import { unpackedSource } from "../../src/archive/unpack/unpacked-source.ts";
import { isSisError } from "../../src/errors/sis-error.ts";
import { generator, mutate } from "../support/inputs/mutate.ts";

interface Packed {
  readonly length: number;
  readonly sha256: string;
  readonly packed: Readonly<Record<string, string>>;
}

const fixture: Packed = JSON.parse(
  readFileSync(new URL("../fixtures/fits/packed.json", import.meta.url), "utf8"),
);
const cases = Object.entries(fixture.packed).map(
  ([name, bytes]) => [name, new Uint8Array(Buffer.from(bytes, "base64"))] as const,
);
const folder = mkdtempSync(join(tmpdir(), "sis-packed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const unpack = (bytes: Uint8Array, limit?: number) =>
  unpackedSource(memorySource(bytes), limit === undefined ? {} : { limit });

describe.each(cases)("a file compressed with %s", (name, packed) => {
  it("a compressed file is unpacked to the bytes that Python compressed", async () => {
    const source = (await unpack(packed))!;
    expect(await source.size()).toBe(fixture.length);
    const [bytes] = await source.read([{ offset: 0, length: fixture.length }]);
    expect(createHash("sha256").update(bytes!).digest("hex")).toBe(fixture.sha256);
  });

  it("a compressed file is recognized by its first bytes, whatever its name, and has the state of the compressed file", async () => {
    const path = join(folder, "image.fits");
    writeFileSync(path, packed);
    const source = await openSource(path);
    expect((await openFits(source)).hdus[0]).toMatchObject({ kind: "image", dataLength: 2 * 90 * 110 });
    expect(source.identity.size).toBe(packed.length);
    source.close();
  });

  it("a compressed file that expands beyond the limit is FITS_TOO_LARGE", async () => {
    await expect(unpack(packed, fixture.length - 1)).rejects.toMatchObject({ code: "FITS_TOO_LARGE" });
    expect(await (await unpack(packed, fixture.length))!.size()).toBe(fixture.length);
  });

  it("a damaged compressed file yields bytes or a typed error, 60 inputs", async () => {
    const random = generator(name.length);
    let refused = 0;
    for (let run = 0; run < 60; run++) {
      const input = mutate(packed.subarray(0, 6000), random, 5);
      try {
        await unpack(input, 2 ** 20);
      } catch (error) {
        if (!isSisError(error, "FITS_CORRUPT", "FITS_TOO_LARGE")) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe("a file that is not compressed", () => {
  it.each([
    ["of FITS", "SIMPLE  ="],
    ["of one byte", "\x1f"],
    ["empty", ""],
  ])("a file that is not compressed is left as it is: %s", async (_, text) =>
    expect(await unpack(new Uint8Array(Buffer.from(text, "latin1")))).toBeUndefined(),
  );
});
