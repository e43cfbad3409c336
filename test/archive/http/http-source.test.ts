import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HttpSourceOptions, openHttpSource } from "../../../src/archive/http/http-source.ts";
import { wholeFileKey } from "../../../src/products/request/product-key.ts";
import { FAULTS, testBytes } from "../../support/archive/test-archive.ts";
import { type ArchiveWithClient, archiveWithClient, testClient } from "../../support/archive/test-client.ts";

const SIZE = 300_000;
let { archive, client, close } = {} as ArchiveWithClient;

beforeEach(async () => {
  ({ archive, client, close } = await archiveWithClient(SIZE));
});
afterEach(async () => await close());

const open = (options: HttpSourceOptions = {}) =>
  openHttpSource({ url: new URL(archive.url) }, client, { headBytes: 1000, ...options });
const bytesAt = (offset: number, length: number) => archive.file.bytes.subarray(offset, offset + length);

describe("openHttpSource", () => {
  test("a file on an archive is opened with one request, which returns size, identity and first bytes (requests seen by the server)", async () => {
    const source = await open();
    const [head] = await source.read([{ offset: 10, length: 990 }]);
    expect(head).toEqual(bytesAt(10, 990));
    expect(await source.size()).toBe(SIZE);
    expect(source.identity).toEqual({
      size: SIZE,
      etag: '"one"',
      mtimeMs: Date.parse("Tue, 17 Feb 2026 14:10:16 GMT"),
    });
    expect(archive.seen.map(({ headers }) => headers.range)).toEqual(["bytes=0-999"]);
    expect(client.traffic).toEqual({ requests: 1, bytes: 1000 });
  });

  test("a file on an archive returns the bytes of each range in the order requested, and fetches no byte twice", async () => {
    const source = await open();
    const views = await source.read([
      { offset: 200_000, length: 70_000 },
      { offset: 900, length: 200 },
      { offset: 5000, length: 0 },
      { offset: SIZE - 1, length: 1 },
    ]);
    expect(views).toEqual([bytesAt(200_000, 70_000), bytesAt(900, 200), bytesAt(0, 0), bytesAt(SIZE - 1, 1)]);
    const asked = archive.seen.slice(1).map(({ headers }) => headers.range);
    expect(asked.sort()).toEqual(["bytes=1000-1099", "bytes=200000-269999", `bytes=${SIZE - 1}-${SIZE - 1}`]);
    expect(client.traffic).toEqual({ requests: 4, bytes: 1000 + 100 + 70_000 + 1 });
  });

  test("requests to an archive have the service's User-Agent, ask for unencoded bytes, and for the state that was opened", async () => {
    const source = await open();
    await source.read([{ offset: 5000, length: 10 }]);
    expect(archive.seen[1]?.headers).toMatchObject({
      "user-agent": "SBN Survey Image Service 1.2.3",
      "accept-encoding": "identity",
      "if-range": '"one"',
    });
  });

  test.each([
    ["a weak tag is not sent as If-Range", 'W/"one"', undefined],
    ["without a tag the time is", undefined, "Tue, 17 Feb 2026 14:10:16 GMT"],
  ])("If-Range of requests to an archive: %s (RFC 9110, 13.1.5)", async (_title, etag, sent) => {
    const { lastModified } = archive.file;
    archive.file = {
      bytes: archive.file.bytes,
      ...(etag && { etag }),
      ...(lastModified && { lastModified }),
    };
    const source = await open();
    const [view] = await source.read([{ offset: 5000, length: 10 }]);
    expect(view).toEqual(bytesAt(5000, 10));
    expect(archive.seen[1]?.headers["if-range"]).toBe(sent);
  });

  test("a file on an archive is opened without a request when its identity is known", async () => {
    const { identity } = await open();
    const again = await open({ identity });
    expect(archive.seen).toHaveLength(1);
    const [view] = await again.read([{ offset: 0, length: 100 }]);
    expect(view).toEqual(bytesAt(0, 100));
  });

  test.each([
    { offset: SIZE - 1, length: 2 },
    { offset: -1, length: 2 },
  ])(
    "reading a file on an archive at $offset + $length is FITS_TRUNCATED and costs no request",
    async (range) => {
      const source = await open();
      await expect(source.read([range])).rejects.toMatchObject({
        code: "FITS_TRUNCATED",
        details: { fileSize: SIZE },
      });
      expect(archive.seen).toHaveLength(1);
    },
  );

  test("a file on an archive may be smaller than the part fetched when opening it, or empty", async () => {
    archive.file = { bytes: testBytes(7) };
    const small = await open();
    expect(await small.read([{ offset: 0, length: 7 }])).toEqual([testBytes(7)]);
    archive.file = { bytes: testBytes(0) };
    expect((await open()).identity.size).toBe(0);
  });

  test("reading from an archive resumes where the connection broke, as long as it makes progress", async () => {
    client = testClient({ retries: 1 });
    const source = await open();
    // more breaks than retries, but each after some progress
    archive.faults.push(...[30_000, 40_000, 50_000].map((count) => FAULTS.onlyPart(archive, count)));
    const [view] = await source.read([{ offset: 1000, length: 200_000 }]);
    expect(view).toEqual(bytesAt(1000, 200_000));
    const starts = archive.seen
      .slice(1)
      .map(({ headers }) => Number(/=(\d+)-/.exec(headers.range ?? "")?.[1]));
    expect(starts).toHaveLength(4);
    for (const [i, start] of starts.entries()) expect(start).toBeGreaterThan(starts[i - 1] ?? 999);
    expect(client.traffic.bytes).toBe(1000 + 200_000);
  });
});

describe("an archive that ignores Range", () => {
  test("from an archive that ignores Range, the file is read from its beginning once for all ranges", async () => {
    archive.faults.push(...[1, 2, 3].map(() => FAULTS.ignoreRange(archive)));
    const source = await open();
    const ranges = [
      { offset: 90_000, length: 5000 },
      { offset: 2000, length: 300 },
      { offset: 92_000, length: 1000 },
    ];
    expect(await source.read(ranges)).toEqual(ranges.map(({ offset, length }) => bytesAt(offset, length)));
    expect(archive.seen).toHaveLength(2);
    // the archive supports ranges again
    expect(await source.read([{ offset: 200_000, length: 10 }])).toEqual([bytesAt(200_000, 10)]);
  });

  test("an archive that ignores Range is SOURCE_NO_RANGES when too much would have to be read", async () => {
    const source = await open({ maximumSkipBytes: 100_000 });
    archive.faults.push(FAULTS.ignoreRange(archive), FAULTS.ignoreRange(archive));
    expect(await source.read([{ offset: 99_990, length: 10 }])).toEqual([bytesAt(99_990, 10)]);
    await expect(source.read([{ offset: 99_990, length: 11 }])).rejects.toMatchObject({
      code: "SOURCE_NO_RANGES",
    });
  });

  test("an archive that ignores Range and reports no size is SOURCE_NO_RANGES", async () => {
    archive.faults.push(FAULTS.reply(200, { "transfer-encoding": "chunked" }, testBytes(5000)));
    await expect(open()).rejects.toMatchObject({ code: "SOURCE_NO_RANGES" });
  });
});

/** Another state of the file. */
const second = () => ({
  bytes: testBytes(SIZE, "b"),
  etag: '"two"',
  lastModified: "Tue, 17 Feb 2026 14:10:17 GMT",
});

describe("a file that changes on the archive", () => {
  test.each(["", "-9"])(
    "an object that is replaced within a second by one of the same size is SOURCE_CHANGED if its tag is a digest as S3 makes it: parts %j",
    async (parts) => {
      const bytes = testBytes(SIZE, "b");
      archive.file.etag = `"${"0123456789abcdef".repeat(2)}${parts}"`;
      const source = await open();
      archive.file = { ...archive.file, bytes, etag: `"${"fedcba9876543210".repeat(2)}${parts}"` };
      await expect(source.read([{ offset: SIZE - 10, length: 10 }])).rejects.toMatchObject({
        code: "SOURCE_CHANGED",
      });
    },
  );

  const changes: readonly [string, () => void][] = [
    ["in content, tag and time", () => Object.assign(archive.file, second())],
    [
      "in content and tag, without a time",
      () => {
        archive.file = { bytes: testBytes(SIZE, "b"), etag: '"two"' };
      },
    ],
    ["in size only", () => Object.assign(archive.file, { bytes: testBytes(SIZE + 1) })],
    [
      "in its time, without a tag",
      () => {
        archive.file = { bytes: testBytes(SIZE, "b"), lastModified: "Tue, 17 Feb 2026 14:10:17 GMT" };
      },
    ],
    ["by becoming shorter than what is asked", () => Object.assign(archive.file, { bytes: testBytes(1500) })],
  ];
  test.each(changes)(
    "a file that changes on the archive is SOURCE_CHANGED and never mixed: %s",
    async (_title, change) => {
      const source = await open();
      change();
      await expect(source.read([{ offset: 5000, length: 100 }])).rejects.toMatchObject({
        code: "SOURCE_CHANGED",
      });
    },
  );

  test("a file that changes on an archive that ignores If-Range is SOURCE_CHANGED", async () => {
    const source = await open();
    Object.assign(archive.file, second());
    archive.faults.push((request, response) => {
      delete request.headers["if-range"];
      archive.serve(request, response);
    });
    await expect(source.read([{ offset: 5000, length: 100 }])).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
  });

  test("a file that changes between a broken connection and its resumption is SOURCE_CHANGED", async () => {
    const source = await open();
    archive.faults.push((request, response) => {
      FAULTS.onlyPart(archive, 40_000)(request, response);
      Object.assign(archive.file, second());
    });
    await expect(source.read([{ offset: 5000, length: 100_000 }])).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
  });

  test("opening a file on an archive in an outdated state is SOURCE_CHANGED", async () => {
    const { identity } = await open();
    Object.assign(archive.file, second());
    const later = await open({ identity });
    await expect(later.read([{ offset: 0, length: 10 }])).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  });
});

describe("a file that is opened in the second of its Last-Modified, by the Date of the archive (RFC 9110, 8.8.2.2)", () => {
  const early = (etag?: string, seed = "a") => ({
    bytes: testBytes(SIZE, seed),
    ...(etag !== undefined && { etag }),
    lastModified: "Tue, 17 Feb 2026 14:10:16 GMT",
    date: "Tue, 17 Feb 2026 14:10:16 GMT",
  });
  const later = (file: ReturnType<typeof early>) => ({ ...file, date: "Tue, 17 Feb 2026 14:10:17 GMT" });
  const keyOf = async () => wholeFileKey({ location: archive.url, identity: (await open()).identity });

  test("when it is replaced within that second by one of the same size, it is SOURCE_CHANGED, and its key is another", async () => {
    archive.file = early('"one"');
    const source = await open();
    const key = await keyOf();
    archive.file = later(early('"two"', "b"));
    await expect(source.read([{ offset: 150_000, length: 10 }])).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
    expect(await keyOf()).not.toBe(key);
  });

  test("when it is unchanged, it is read, and from the next second on has the key that it keeps with any tag", async () => {
    archive.file = early('"one"');
    const source = await open();
    archive.file = later(archive.file as ReturnType<typeof early>);
    expect(await source.read([{ offset: 150_000, length: 10 }])).toEqual([bytesAt(150_000, 10)]);
    const key = await keyOf();
    archive.file = { ...later(early('"node2"')) };
    expect(await keyOf()).toBe(key);
  });

  test("without a tag, its time is not sent as If-Range (RFC 9110, 13.1.5), and what was made from it has another key later", async () => {
    archive.file = early();
    const source = await open();
    const key = await keyOf();
    await source.read([{ offset: 150_000, length: 10 }]);
    archive.file = later(archive.file as ReturnType<typeof early>);
    expect(await keyOf()).not.toBe(key);
    await (await open()).read([{ offset: 150_000, length: 10 }]);
    expect(archive.seen.flatMap(({ headers }) => headers["if-range"] ?? [])).toEqual([
      "Tue, 17 Feb 2026 14:10:16 GMT",
    ]);
  });
});
