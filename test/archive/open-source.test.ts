import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findLocalFile } from "../../src/archive/local-file.ts";
import { isRemote } from "../../src/archive/remote-target.ts";
import { openSource } from "../../src/archive/source/open-source.ts";
import { Sources } from "../../src/archive/sources.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { sourceAccess } from "../../src/config/source-access.ts";
import { type Archive, startArchive, testBytes } from "../support/archive/test-archive.ts";

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sis-open-")));
  for (const name of ["data", "data-2", "outside"]) mkdirSync(join(folder, name));
  for (const name of ["data/a b.fits", "data-2/c.fits", "outside/secret.fits"]) {
    writeFileSync(join(folder, name), "SIMPLE");
  }
  symlinkSync("../outside/secret.fits", join(folder, "data/link.fits"));
  symlinkSync("../outside", join(folder, "data/folder"));
  symlinkSync("a b.fits", join(folder, "data/inner.fits"));
  symlinkSync(join(folder, "data"), join(folder, "alias"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const roots = () => [join(folder, "data")];
const url = (name: string) => pathToFileURL(join(folder, name)).href;

describe("local sources", () => {
  test.each([
    ["a file URL", () => url("data/a b.fits")],
    ["an unescaped file URL", () => `file://${folder}/data/a b.fits`],
    ["a path", () => join(folder, "data/a b.fits")],
    ["a link within the folder", () => url("data/inner.fits")],
    ["a path through another name of the folder", () => join(folder, "alias/a b.fits")],
  ])("the local source %s is read, with and without data roots", async (_title, location) => {
    for (const options of [{}, { roots: roots() }, { roots: [join(folder, "alias")] }]) {
      const source = await openSource(location(), options);
      expect(await source.read([{ offset: 0, length: 6 }])).toEqual(
        [Buffer.from("SIMPLE")].map((b) => new Uint8Array(b)),
      );
      expect(source.identity).toMatchObject({ size: 6, mtimeMs: expect.any(Number) });
      source.close();
    }
  });

  test.each([
    ["a file outside", "outside/secret.fits"],
    ["a file outside that does not exist", "outside/none.fits"],
    ["a folder whose name begins alike", "data-2/c.fits"],
    ["a link that leads out", "data/link.fits"],
    ["a folder that leads out", "data/folder/secret.fits"],
    ["dots that lead out", "data/../outside/secret.fits"],
    ["the folder itself", "data"],
  ])("the local source %s is SOURCE_NOT_ALLOWED", async (_title, name) => {
    for (const location of [url(name), `file://${folder}/${name}`, `${folder}/${name}`]) {
      const error = await openSource(location, { roots: roots() }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "SOURCE_NOT_ALLOWED", status: 403 });
      expect((error as Error).message).not.toContain(folder);
    }
  });

  test("encoded dots in a URL do not lead out of the data roots, just as plain ones do not", async () => {
    const encoded = `file://${folder}/data/%2e%2e/outside/secret.fits`;
    await expect(findLocalFile(encoded, roots())).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
  });

  test("a missing file within the data roots is SOURCE_MISSING", async () => {
    await expect(openSource(url("data/none.fits"), { roots: roots() })).rejects.toMatchObject({
      code: "SOURCE_MISSING",
    });
  });

  test("a source in another state than the required one is SOURCE_CHANGED", async () => {
    const path = join(folder, "data/changing.fits");
    writeFileSync(path, "one");
    const first = await openSource(path);
    first.close();
    (await openSource(path, { identity: first.identity })).close();
    writeFileSync(path, "other");
    await expect(openSource(path, { identity: first.identity })).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
  });
});

test.each([
  ["ftp://example.org/a.fits"],
  ["https://"],
  ["https://example.org/a.fits"],
  ["s3://bucket/a.fits"],
])("the location %s is SOURCE_SCHEME when there is no client for it", async (location) => {
  await expect(openSource(location)).rejects.toMatchObject({ code: "SOURCE_SCHEME" });
});

test("isRemote distinguishes remote locations from local ones", () => {
  const remote = ["http://h/a", "HTTPS://h/a", "s3://b/k", "file:///a", "/a", "a:b.fits", "file:/a"];
  expect(remote.map(isRemote)).toEqual([true, true, true, false, false, false, false]);
});

describe("Sources", () => {
  let archive: Archive;
  let sources: Sources;
  const start = (env: Record<string, string>) => {
    sources = new Sources(structuredClone(sourceAccess(loadSettings(folder, env), "1.2.3")));
  };
  beforeEach(async () => {
    archive = await startArchive(testBytes(500_000));
  });
  afterEach(async () => {
    await sources.close();
    await archive.close();
  });

  test("Sources merges nearby ranges and caches blocks (requests and bytes seen by the server)", async () => {
    start({ SBNSIS_ALLOWED_HOSTS: "127.0.0.1" });
    const source = await sources.open(archive.url);
    const ranges = Array.from({ length: 20 }, (_, i) => ({ offset: 200_000 + 5000 * i, length: 1000 }));
    const wanted = ranges.map(({ offset, length }) => archive.file.bytes.subarray(offset, offset + length));
    expect(await source.read(ranges)).toEqual(wanted);
    const again = await sources.open(archive.url, { identity: source.identity });
    expect(await again.read(ranges)).toEqual(wanted);
    // blocks of 16384 bytes: from 12 * 16384 to 19 * 16384
    expect(archive.seen.map(({ headers }) => headers.range)).toEqual([
      "bytes=0-131071",
      "bytes=196608-311295",
    ]);
    expect(sources.traffic).toEqual({ requests: 2, bytes: 131_072 + 114_688 });
    expect(archive.seen[0]?.headers["user-agent"]).toBe("SBN Survey Image Service 1.2.3");
    again.close();
  });

  test("Sources enforces allowed hosts and data roots", async () => {
    start({ SBNSIS_ALLOWED_HOSTS: "archive.example.org", SBNSIS_DATA_ROOTS: "data" });
    for (const location of [archive.url, "s3://bucket/key", url("outside/secret.fits")]) {
      await expect(sources.open(location)).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
    }
    await expect(sources.download(archive.url, join(folder, "never"))).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
    });
    expect(archive.seen).toHaveLength(0);
    (await sources.open(url("data/a b.fits"))).close();
  });

  test("Sources downloads whole files up to the maximum size", async () => {
    start({ SBNSIS_DOWNLOAD_MAX_BYTES: "499999", SBNSIS_BLOCK_CACHE_BYTES: "1" });
    await expect(sources.download(archive.url, join(folder, "large"))).rejects.toMatchObject({
      code: "SOURCE_TOO_LARGE",
    });
    archive.file = { bytes: testBytes(499_999) };
    const file = await sources.download(archive.url, join(folder, "fetched/small"));
    expect(file).toMatchObject({ path: join(folder, "fetched/small"), size: 499_999 });
  });
});
