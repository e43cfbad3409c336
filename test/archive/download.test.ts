import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadToFile } from "../../src/archive/download/download-to-file.ts";
import type { HttpClient } from "../../src/archive/http/http-client.ts";
import { partPath, removeAbandonedParts } from "../../src/concurrency/part-file.ts";
import { type Archive, FAULTS, startArchive, testBytes } from "../support/archive/test-archive.ts";
import { testClient } from "../support/archive/test-client.ts";

const SIZE = 1_000_000;
let archive: Archive;
let client: HttpClient;
let folder: string;
let path: string;

beforeEach(async () => {
  archive = await startArchive(testBytes(SIZE));
  client = testClient();
  folder = mkdtempSync(join(tmpdir(), "sis-download-"));
  path = join(folder, "new/a.fits");
});
afterEach(async () => {
  await client.close();
  await archive.close();
  rmSync(folder, { recursive: true });
});

const limits = { deadlineMs: 20_000, maximumBytes: SIZE };
const download = (options: { maximumBytes?: number; deadlineMs?: number; signal?: AbortSignal } = {}) =>
  downloadToFile({ url: new URL(archive.url) }, path, { client, ...limits, ...options });
/** Compared as buffers: element by element, a megabyte takes seconds. */
const expectFile = (bytes: Uint8Array) => expect(readFileSync(path).equals(bytes)).toBe(true);
const resumedAt = () =>
  archive.seen.map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0));
const left = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());

describe("downloadToFile", () => {
  test("a download gets the bytes, the size and the archive's identity with one request", async () => {
    const file = await download();
    expect(file).toMatchObject({ path, size: SIZE, origin: { size: SIZE, etag: '"one"' } });
    expectFile(archive.file.bytes);
    expect(archive.seen.map(({ headers }) => headers.range)).toEqual([undefined]);
    expect(left()).toHaveLength(1);
  });

  test("a download resumes where the connection broke, with Range and If-Range", async () => {
    archive.faults.push(
      FAULTS.status(500),
      FAULTS.onlyPart(archive, 300_000),
      FAULTS.hangUp(),
      FAULTS.onlyPart(archive, 200_000, true),
    );
    await download();
    expectFile(archive.file.bytes);
    const [first, second, third = 0, fourth, fifth = 0] = resumedAt();
    expect([first, second, fourth]).toEqual([0, 0, third]);
    // data in flight when the connection broke may be lost
    expect(third).toBeGreaterThan(0);
    expect(third).toBeLessThanOrEqual(300_000);
    expect(fifth).toBeGreaterThan(third);
    expect(archive.seen.map(({ headers }) => headers["if-range"])).toEqual([
      undefined,
      undefined,
      '"one"',
      '"one"',
      '"one"',
    ]);
    expect(client.traffic.bytes).toBe(SIZE);
  });

  test("a download restarts when the file has changed meanwhile, and never mixes states", async () => {
    archive.faults.push((request, response) => {
      FAULTS.onlyPart(archive, 300_000)(request, response);
      archive.file = { bytes: testBytes(800_000, "b"), etag: '"two"' };
    });
    expect(await download()).toMatchObject({ size: 800_000, origin: { etag: '"two"' } });
    expectFile(testBytes(800_000, "b"));
  });

  test("a download restarts when an archive that ignores If-Range sends another state, or less than before", async () => {
    const changing: Archive["faults"][number] = (request, response) => {
      FAULTS.onlyPart(archive, 300_000)(request, response);
      archive.file = { bytes: testBytes(700_000, "b"), etag: '"two"' };
    };
    const ignoresIfRange: Archive["faults"][number] = (request, response) => {
      delete request.headers["if-range"];
      archive.serve(request, response);
    };
    archive.faults.push(changing, ignoresIfRange);
    await download();
    expectFile(testBytes(700_000, "b"));
    archive.faults.push(FAULTS.onlyPart(archive, 300_000), (request, response) => {
      archive.file = { bytes: testBytes(1000, "c"), etag: '"three"' };
      ignoresIfRange(request, response);
    });
    await download();
    expectFile(testBytes(1000, "c"));
  });

  test("a download restarts when the archive sends no validators", async () => {
    archive.file = { bytes: archive.file.bytes };
    archive.faults.push(FAULTS.onlyPart(archive, 300_000));
    await download();
    expectFile(archive.file.bytes);
    expect(archive.seen.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  test("a download of unknown length ends with the body, and can be resumed too", async () => {
    const fields = { etag: '"one"', "transfer-encoding": "chunked" };
    archive.faults.push(FAULTS.reply(200, fields, archive.file.bytes));
    expect(await download()).toMatchObject({ size: SIZE, origin: { size: SIZE } });
    archive.faults.push((request, response) => {
      response.writeHead(200, fields);
      response.write(archive.file.bytes.subarray(0, 250_000), () => request.socket.destroySoon());
    });
    await download();
    expectFile(archive.file.bytes);
    expect(resumedAt().at(-1)).toBeGreaterThan(0);
    expect(resumedAt().at(-1)).toBeLessThanOrEqual(250_000);
  });

  test("a download of an empty file is an empty file", async () => {
    archive.file = { bytes: new Uint8Array(0) };
    expect(await download()).toMatchObject({ size: 0 });
  });
});

describe("failed downloads", () => {
  const always = (fault: Archive["faults"][number]) => Array.from({ length: 30 }, () => fault);
  const failing: readonly [string, string, () => Archive["faults"]][] = [
    ["404", "SOURCE_MISSING", () => [FAULTS.status(404)]],
    ["500 for ever", "SOURCE_UPSTREAM", () => always(FAULTS.status(500))],
    ["silence", "SOURCE_TIMEOUT", () => always(FAULTS.stall())],
    [
      "gzip-encoded bytes",
      "SOURCE_UPSTREAM",
      () => [FAULTS.reply(200, { "content-encoding": "gzip" }, testBytes(100))],
    ],
    [
      "connections that end at once, later",
      "SOURCE_UNREACHABLE",
      () => [FAULTS.onlyPart(archive, 1000), ...always(FAULTS.hangUp())],
    ],
  ];
  test.each(failing)("a failed download leaves nothing behind: %s is %s", async (_title, code, faults) => {
    client = testClient({ retries: 2 });
    archive.faults.push(...faults());
    await expect(download()).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
  });

  test.each([
    ["that is announced", (a: Archive) => a.serve],
    [
      "that is not announced",
      (a: Archive) => FAULTS.reply(200, { "transfer-encoding": "chunked" }, a.file.bytes),
    ],
  ])("a download of a file %s to be too large is SOURCE_TOO_LARGE", async (_title, fault) => {
    archive.faults.push(fault(archive));
    await expect(download({ maximumBytes: SIZE - 1 })).rejects.toMatchObject({ code: "SOURCE_TOO_LARGE" });
    expect(left()).toEqual([]);
  });

  test("a download that exceeds its deadline is SOURCE_TIMEOUT", async () => {
    client = testClient({ idleTimeoutMs: 60_000 });
    archive.faults.push(FAULTS.onlyPart(archive, 1000, true));
    await expect(download({ deadlineMs: 300 })).rejects.toMatchObject({ code: "SOURCE_TIMEOUT" });
    expect(left()).toEqual([]);
  });

  test("a download cancelled by its caller rejects with the caller's reason", async () => {
    const controller = new AbortController();
    archive.faults.push((request, response) => {
      FAULTS.onlyPart(archive, 1000, true)(request, response);
      setTimeout(() => controller.abort(new Error("client gone")), 50);
    });
    await expect(download({ signal: controller.signal })).rejects.toThrow("client gone");
    expect(left()).toEqual([]);
  });

  test("a download into a folder that cannot be created, or to a name that is taken by one, is CACHE_UNAVAILABLE", async () => {
    writeFileSync(join(folder, "new"), "a file");
    await expect(download()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
    rmSync(join(folder, "new"));
    mkdirSync(path, { recursive: true });
    await expect(download()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
    expect(left()).toEqual([]);
  });
});

test("removeAbandonedParts removes parts that have not been written to for long, and nothing else", async () => {
  const keep = join(folder, "a.part");
  const fresh = partPath(join(folder, "b.fits"));
  const abandoned = partPath(join(folder, "sub/c.fits"));
  mkdirSync(join(folder, "sub"));
  for (const name of [keep, fresh, abandoned]) writeFileSync(name, "half");
  const twoHoursAgo = Date.now() / 1000 - 7200;
  for (const name of [keep, abandoned]) utimesSync(name, twoHoursAgo, twoHoursAgo);
  expect(await removeAbandonedParts(folder)).toBe(1);
  expect(
    left()
      .map(({ name }) => join(folder, name))
      .sort(),
  ).toEqual([keep, fresh].sort());
  expect(await removeAbandonedParts(join(folder, "none"))).toBe(0);
});

test("a download whose process is killed leaves no file under the final name, and its part is cleaned up", async () => {
  archive.faults.push(FAULTS.onlyPart(archive, 500_000, true));
  const program = join(import.meta.dirname, "../support/archive/download-program.mjs");
  const child = spawn(process.execPath, [program, archive.url, path], {
    stdio: "inherit",
  });
  const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  await expect.poll(() => left().map(({ name }) => sizeOf(name)), { timeout: 30_000 }).toEqual([500_000]);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  expect(left().map(({ name }) => name)).toEqual([
    expect.stringMatching(/^a\.fits\.\d+-[0-9a-f-]{36}\.part$/),
  ]);
  expect(await removeAbandonedParts(folder)).toBe(0);
  expect(await removeAbandonedParts(folder, -1)).toBe(1);
  await download();
  expectFile(archive.file.bytes);
  expect(left()).toHaveLength(1);
});

function sizeOf(name: string): number {
  return statSync(join(folder, "new", name)).size;
}
