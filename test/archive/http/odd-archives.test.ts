import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadToFile } from "../../../src/archive/download/download-to-file.ts";
import type { HttpClient } from "../../../src/archive/http/http-client.ts";
import { openHttpSource } from "../../../src/archive/http/http-source.ts";
import { checkKind, KIND_BYTES, type SourceKind } from "../../../src/archive/source-kind.ts";
import { type Archive, FAULTS, startArchive, testBytes } from "../../support/archive/test-archive.ts";
import { testClient } from "../../support/archive/test-client.ts";

const SIZE = 50_000;
const PAGE = Buffer.from("<!DOCTYPE html>\n<html><body>We are back soon</body></html>");
let archive: Archive;
let client: HttpClient;
let folder: string;

/** Bytes that start like a FITS file. */
function fitsBytes(): Uint8Array {
  const bytes = testBytes(SIZE);
  bytes.set(Buffer.from("SIMPLE  =                    T".padEnd(80)));
  return bytes;
}

beforeEach(async () => {
  archive = await startArchive(fitsBytes());
  client = testClient({ retries: 1 });
  folder = mkdtempSync(join(tmpdir(), "sis-odd-"));
});
afterEach(async () => {
  await client.close();
  await archive.close();
  rmSync(folder, { recursive: true });
});

const open = (kind?: SourceKind, path = "/a.fits") =>
  openHttpSource({ url: new URL(path, archive.url) }, client, {
    headBytes: 1000,
    ...(kind !== undefined && { kind }),
  });
const download = (kind: SourceKind, path = "/a.fits") =>
  downloadToFile({ url: new URL(path, archive.url) }, join(folder, "copy"), {
    client,
    deadlineMs: 10_000,
    maximumBytes: 1e9,
    kind,
  });

describe("checkKind (FITS 4.0, 4.4.1.1; magic numbers of compressors; roots of pages and error documents)", () => {
  const good: readonly [SourceKind, string, Uint8Array][] = [
    ["image", "FITS", Buffer.from("SIMPLE  =                    T")],
    ["image", "a FITS file cut after 4 bytes", Buffer.from("SIMP")],
    ["image", "gzip", gzipSync("x")],
    ["image", "compress", Uint8Array.of(0x1f, 0x9d, 0x90)],
    ["image", "bzip2", Buffer.from("BZh9")],
    ["image", "nothing", new Uint8Array(0)],
    [
      "label",
      "a label",
      Buffer.from('<?xml version="1.0"?>\n<?xml-model href="x"?>\n<Product_Observational>'),
    ],
    ["label", "a label with a byte order mark", Buffer.from("\ufeff<Product_Observational/>")],
    ["label", "a label with a prefix", Buffer.from('<!-- a - b --><pds:Product_Browse xmlns:pds="x"/>')],
    ["label", "any other XML", Buffer.from("<label/>")],
    ["label", "a label in UTF-16", Buffer.from("\ufeff<Product_Observational/>", "utf16le")],
    ["label", "a long comment", Buffer.from(`<!-- ${"x".repeat(KIND_BYTES)}`)],
  ];
  test.each(good)("checkKind accepts as %s: %s", (kind, _title, bytes) => {
    expect(() => checkKind(kind, bytes, "host")).not.toThrow();
  });

  const page = (text: string) => Buffer.from(text);
  const wrong: readonly [SourceKind, string, Uint8Array][] = [
    ["image", "HTML", PAGE],
    ["image", "XML", page("<?xml version='1.0'?><Product_Observational/>")],
    ["image", "JSON", page('{"error":"login"}')],
    ["image", "text", page("SIMPLE page")],
    ["image", "zeros", new Uint8Array(100)],
    ["label", "HTML", PAGE],
    ["label", "XHTML", page('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">')],
    ["label", "XHTML with a document type", page('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>')],
    ["label", "an error of S3", page("<?xml version='1.0'?><Error><Code>SlowDown</Code></Error>")],
    ["label", "text", page("Product_Observational")],
    ["label", "blanks", page("   \n")],
    ["label", "FITS", page("SIMPLE  =                    T")],
  ];
  test.each(wrong)("checkKind refuses as %s with SOURCE_UPSTREAM: %s", (kind, _title, bytes) => {
    expect(() => checkKind(kind, bytes, "host")).toThrow(
      expect.objectContaining({ code: "SOURCE_UPSTREAM", message: expect.stringMatching(/^host sent /) }),
    );
  });
});

describe("a page in place of a file, sent with status 200", () => {
  const answers: readonly [string, Record<string, string | number>][] = [
    ["with its length", { "content-type": "text/html", "content-length": PAGE.length }],
    ["of unknown length", { "content-type": "text/html" }],
    ["that claims to be FITS", { "content-type": "image/fits", "content-length": PAGE.length }],
  ];
  test.each(answers)(
    "a page in place of a file is SOURCE_UPSTREAM, and nothing of it is kept: %s, when opened, read or downloaded",
    async (_title, fields) => {
      const source = await open("image");
      const page = FAULTS.reply(200, fields, PAGE);
      archive.faults.push(page, page, page, page, page, page);
      const upstream = { code: "SOURCE_UPSTREAM" };
      await expect(open("image")).rejects.toMatchObject(upstream);
      await expect(open("label")).rejects.toMatchObject(upstream);
      await expect(source.read([{ offset: 5000, length: 10 }])).rejects.toMatchObject(upstream);
      await expect(download("image")).rejects.toMatchObject(upstream);
      await expect(download("label")).rejects.toMatchObject(upstream);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

test("a complete file of the expected kind is downloaded", async () => {
  await download("image");
  expect(Buffer.compare(readFileSync(join(folder, "copy")), archive.file.bytes)).toBe(0);
});

describe("nodes of one archive with different entity tags", () => {
  test("nodes with different entity tags count as one archive if size and time agree, also when a download is resumed", async () => {
    const source = await open("image");
    for (const [i, offset] of [2000, 4000, 6000].entries()) {
      archive.file.etag = `"node-${i}"`;
      const [read] = await source.read([{ offset, length: 10 }]);
      expect(read).toEqual(archive.file.bytes.subarray(offset, offset + 10));
    }
    // once tags are known to differ, the time is the condition
    expect(archive.seen.at(-1)?.headers["if-range"]).toBe(archive.file.lastModified);
    archive.faults.push((request, response) => {
      FAULTS.onlyPart(archive, 20_000)(request, response);
      archive.file.etag = '"node-9"';
    });
    await download("image");
    expect(Buffer.compare(readFileSync(join(folder, "copy")), archive.file.bytes)).toBe(0);
  });
});

describe("content codings", () => {
  const served: readonly [string, string][] = [
    ["aws-chunked", "/a.fits"],
    ["", "/a.fits"],
    ["identity", "/a.fits"],
    ["Identity, aws-chunked", "/a.fits"],
    ["x-gzip", "/a.fits.gz"],
    ["gzip", "/a.fits.gz"],
    ["x-compress", "/a.fits.Z"],
    ["x-bzip2", "/a.fits.bz2"],
  ];
  test.each(served)("the content coding %j of %s is accepted", async (coding, path) => {
    const serve = archive.serve;
    archive.faults.push((request, response) => {
      response.setHeader("content-encoding", coding);
      serve(request, response);
    });
    expect((await open(undefined, path)).identity.size).toBe(SIZE);
  });

  test.each([
    ["gzip", "/a.fits"],
    ["br", "/a.fits.gz"],
    ["aws-chunked, gzip", "/a.fits"],
    ["constructor", "/a.fits"],
  ])("the content coding %s of %s is SOURCE_UPSTREAM", async (coding, path) => {
    archive.faults.push((request, response) => {
      response.setHeader("content-encoding", coding);
      archive.serve(request, response);
    });
    await expect(open(undefined, path)).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
  });
});

describe("an archive that refuses range requests", () => {
  test.each([400, 403, 405, 416, 501])(
    "from an archive that refuses range requests with %i, the whole file is requested",
    async (status) => {
      const right = archive.serve;
      const refuse: Archive["serve"] = (request, response) => {
        if (request.headers.range === undefined) right(request, response);
        else FAULTS.status(status)(request, response);
      };
      archive.faults.push(...Array.from({ length: 20 }, () => refuse));
      const source = await open("image");
      for (const offset of [20, 4000, 30_000]) {
        const [read] = await source.read([{ offset, length: 100 }]);
        expect(read).toEqual(archive.file.bytes.subarray(offset, offset + 100));
      }
      await download("image");
      // ranges are not tried again after they were refused
      expect(archive.seen.filter(({ headers }) => headers.range !== undefined)).toHaveLength(1);
    },
  );

  test("an archive that refuses range requests and the whole file reports the error of the second response", async () => {
    archive.faults.push(FAULTS.status(403), FAULTS.status(403));
    await expect(open("image")).rejects.toMatchObject({
      code: "SOURCE_UPSTREAM",
      details: { upstreamStatus: 403 },
    });
  });
});
