import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Archive, startArchive } from "../../../test/support/archive/test-archive.ts";
import { fetchSource, openFits } from "../src/index.ts";
import { fixtureBytes, imageFixtures } from "./support/image-fixtures.ts";

const bytes = fixtureBytes(imageFixtures[0]!.file);
let archive: Archive;

beforeEach(async () => {
  archive = await startArchive(bytes);
});
afterEach(() => archive.close());

describe("fetchSource", () => {
  it("fetchSource reads a file in ranges, and asks for its size once", async () => {
    const source = fetchSource(archive.url);
    expect(await source.size()).toBe(bytes.length);
    const into = new Uint8Array(30);
    const ranges = [
      { offset: 2880, length: 10 },
      { offset: 0, length: 6 },
      { offset: 5, length: 0 },
    ];
    expect(await source.read(ranges)).toEqual([
      bytes.slice(2880, 2890),
      bytes.slice(0, 6),
      new Uint8Array(0),
    ]);
    await source.read(ranges, { into });
    expect(into.subarray(0, 16)).toEqual(
      Uint8Array.of(...bytes.subarray(2880, 2890), ...bytes.subarray(0, 6)),
    );
    expect(archive.seen.map(({ headers }) => headers.range)).toEqual([
      "bytes=0-0",
      "bytes=2880-2889",
      "bytes=0-5",
      "bytes=2880-2889",
      "bytes=0-5",
    ]);
    expect((await openFits(source)).hdus).toHaveLength(2);
  });

  it("fetchSource notices when a file changes", async () => {
    const source = fetchSource(archive.url);
    await source.size();
    archive.file = { bytes, etag: '"two"' };
    await expect(source.read([{ offset: 0, length: 9 }])).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  });

  it.each([
    [404, "SOURCE_MISSING"],
    [200, "SOURCE_NO_RANGES"],
    [503, "SOURCE_UPSTREAM"],
    [206, "SOURCE_UPSTREAM"],
  ])(
    "fetchSource reports status %i without the requested parts as %s, and sends a new request next time",
    async (status, code) => {
      archive.faults.push((_, response) => response.writeHead(status).end("x"));
      const source = fetchSource(archive.url);
      await expect(source.size()).rejects.toMatchObject({ code });
      expect(await source.size()).toBe(bytes.length);
    },
  );

  it("fetchSource refuses ranges beyond the end, can be aborted, and reports an unreachable server", async () => {
    const source = fetchSource(archive.url);
    const behind = source.read([{ offset: bytes.length - 1, length: 2 }]);
    await expect(behind).rejects.toMatchObject({ code: "FITS_TRUNCATED" });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(fetchSource(archive.url).size({ signal })).rejects.toThrow("enough");
    await expect(fetchSource("http://127.0.0.1:1/a.fits").size()).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
    });
  });
});
