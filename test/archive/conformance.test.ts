import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteRange, ByteSource } from "../../packages/fits/src/source/byte-source.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { fetchSource } from "../../packages/fits/src/source/fetch-source.ts";
import { openFileSource } from "../../src/archive/file-source.ts";
import { countingSource } from "../../src/archive/hosts/traffic.ts";
import type { HttpClient } from "../../src/archive/http/http-client.ts";
import { openHttpSource } from "../../src/archive/http/http-source.ts";
import { BlockCache, cachedSource } from "../../src/archive/source/block-cache.ts";
import { coalescingSource } from "../../src/archive/source/coalescing-source.ts";
import { openSource } from "../../src/archive/source/open-source.ts";
import { Sources } from "../../src/archive/sources.ts";
import { unpackedSource } from "../../src/archive/unpack/unpacked-source.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { sourceAccess } from "../../src/config/source-access.ts";
import { type Archive, startArchive } from "../support/archive/test-archive.ts";
import { testClient } from "../support/archive/test-client.ts";

/** One file, and the same file as Python packed it with each program. */
const fixture: { readonly packed: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL("../fixtures/fits/packed.json", import.meta.url), "utf8"),
);
const packed = Object.entries(fixture.packed).map(
  ([name, text]) => [name, new Uint8Array(Buffer.from(text, "base64"))] as const,
);
const gzipped = packed.find(([, bytes]) => bytes[0] === 0x1f && bytes[1] === 0x8b)![1];
const bytes = new Uint8Array(gunzipSync(gzipped));
const SIZE = bytes.length;

const folder = mkdtempSync(join(tmpdir(), "sis-conformance-"));
const path = join(folder, "a.fits");
let archive: Archive;
let client: HttpClient;
let sources: Sources;

beforeAll(async () => {
  writeFileSync(path, bytes);
  archive = await startArchive(bytes);
  client = testClient({ idleTimeoutMs: 30_000 });
  const settings = loadSettings("/nonexistent", {
    SBNSIS_S3_ENDPOINT: `http://${archive.host}/store`,
    SBNSIS_S3_REGION: "eu-west-1",
    SBNSIS_S3_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    SBNSIS_S3_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  });
  sources = new Sources(sourceAccess(settings, "1.2.3"));
});
afterAll(async () => {
  await sources.close();
  await client.close();
  await archive.close();
  rmSync(folder, { recursive: true });
});

const http = () => openHttpSource({ url: new URL(archive.url) }, client, { headBytes: 1000 });
const blocks = (maximumBytes: number) => new BlockCache({ maximumBytes, blockBytes: 500 });

/**
 * Every way to make a source of the file: the sources themselves, each decorator, and their stacks.
 */
const MAKERS: readonly (readonly [string, () => ByteSource | Promise<ByteSource>])[] = [
  ["memory", () => memorySource(bytes)],
  ["a local file", () => openFileSource(path)],
  ["a local file opened by its path", () => openSource(path)],
  ["an HTTP archive", http],
  ["an HTTP archive read by fetch", () => fetchSource(archive.url)],
  ["an HTTP archive with a block cache and coalescing", () => sources.open(archive.url)],
  ["an S3 store with signed requests", () => sources.open("s3://bucket/a.fits")],
  ["coalescing", () => coalescingSource(memorySource(bytes), { gapBytes: 100, maximumBytes: 5000 })],
  ["a block cache", () => cachedSource(memorySource(bytes), blocks(100_000), "a")],
  ["a block cache smaller than the file", () => cachedSource(memorySource(bytes), blocks(2000), "a")],
  ["a counter of traffic", () => countingSource(memorySource(bytes), { requests: 0, bytes: 0 })],
  ...packed.map(
    ([name, content]) =>
      [`a file packed by ${name}`, async () => (await unpackedSource(memorySource(content)))!] as const,
  ),
  ["a packed local file", () => openPacked({})],
  ["a packed local file within a memory budget", () => openPacked({ memory: { hold: () => undefined } })],
];

function openPacked(options: Parameters<typeof openSource>[1]) {
  const packedPath = join(folder, "packed.fits");
  writeFileSync(packedPath, gzipped);
  return openSource(packedPath, options);
}

const ranges = (...list: readonly (readonly [number, number])[]): ByteRange[] =>
  list.map(([offset, length]) => ({ offset, length }));
const slices = (list: readonly ByteRange[]) =>
  list.map(({ offset, length }) => bytes.subarray(offset, offset + length));

/** Compares as buffers: element by element a test takes seconds. */
function expectSame(read: readonly Uint8Array[], wanted: readonly Uint8Array[]): void {
  expect(read.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  expect(read.map((view, i) => Buffer.compare(view, wanted[i]!))).toEqual(wanted.map(() => 0));
}

describe.each(MAKERS)("the ByteSource contract holds for %s:", (_, make) => {
  let source: ByteSource;
  beforeAll(async () => {
    source = await make();
  });
  afterAll(() => (source as Partial<{ close(): void }>).close?.());

  test("a ByteSource knows its size", async () => {
    expect(await source.size()).toBe(SIZE);
  });

  test("a ByteSource returns each range in the requested order: apart, overlapping, repeated, empty, the whole", async () => {
    const list = ranges([SIZE - 5, 5], [0, 3], [2, 9], [2, 9], [SIZE, 0], [700, 0], [0, SIZE]);
    expectSame(await source.read(list), slices(list));
    expect(await source.read([])).toEqual([]);
  });

  test("a ByteSource fills the caller's buffer back to back, returns views of it and leaves the rest unchanged", async () => {
    const into = new Uint8Array(10).fill(255);
    const list = ranges([4000, 4], [2, 3]);
    const views = await source.read(list, { into });
    expect([...into]).toEqual([...slices(list).flatMap((view) => [...view]), 255, 255, 255]);
    expect(views).toEqual(slices(list));
    expect(views.map(({ buffer }) => buffer === into.buffer)).toEqual([true, true]);
  });

  test("a ByteSource throws a RangeError for a buffer that is too small", async () => {
    const read = source.read(ranges([0, 11]), { into: new Uint8Array(10) });
    await expect(read).rejects.toThrow(RangeError);
  });

  test.each([
    [SIZE - 1, 2],
    [SIZE, 1],
    [-1, 2],
    [2 ** 53, 1],
  ])(
    "the range %d + %d of a ByteSource is FITS_TRUNCATED, alone and among good ones",
    async (offset, length) => {
      const code = { code: "FITS_TRUNCATED" };
      await expect(source.read(ranges([offset, length]))).rejects.toMatchObject(code);
      await expect(source.read(ranges([0, 10], [offset, length]))).rejects.toMatchObject(code);
    },
  );

  test("a ByteSource read with an aborted signal rejects with its reason", async () => {
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(source.read(ranges([1500, 10]), { signal })).rejects.toThrow("gone");
  });

  test("concurrent reads of a ByteSource return the bytes of the file, whatever the ranges (against slices of memory)", async () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: SIZE }), fc.integer({ min: 0, max: 3000 }))
      .map(([offset, length]) => ({ offset, length: Math.min(length, SIZE - offset) }));
    const property = fc.asyncProperty(
      fc.array(fc.array(range, { maxLength: 6 }), { maxLength: 3 }),
      async (reads) => {
        const read = await Promise.all(reads.map((list) => source.read(list)));
        for (const [i, list] of reads.entries()) expectSame(read[i]!, slices(list));
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 1 });
  });
});
