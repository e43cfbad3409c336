import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHttpSource } from "../../../src/archive/http/http-source.ts";
import { type Archive, FAULTS, testBytes } from "../../support/archive/test-archive.ts";
import { type ArchiveWithClient, archiveWithClient, testClient } from "../../support/archive/test-client.ts";

const SIZE = 100_000;
let { archive, client, close } = {} as ArchiveWithClient;

beforeEach(async () => {
  ({ archive, client, close } = await archiveWithClient(SIZE));
});
afterEach(async () => await close());

const open = () => openHttpSource({ url: new URL(archive.url) }, client, { headBytes: 1000 });
const range = { offset: 5000, length: 20_000 };
const wanted = () => archive.file.bytes.subarray(5000, 25_000);

describe("transient faults of an archive", () => {
  const passing: readonly [string, () => Archive["faults"]][] = [
    ["500 three times", () => [1, 2, 3].map(() => FAULTS.status(500))],
    ["503 with Retry-After: 0", () => [FAULTS.status(503, { "retry-after": "0" })]],
    ["a connection that ends before the answer", () => [FAULTS.hangUp(), FAULTS.hangUp()]],
    ["a connection that ends in the body", () => [FAULTS.onlyPart(archive, 7000)]],
    ["a body that stalls", () => [FAULTS.onlyPart(archive, 7000, true)]],
    ["silence", () => [FAULTS.stall()]],
  ];
  test.each(passing)("a transient fault of an archive is overcome by retries: %s", async (_title, faults) => {
    const source = await open();
    archive.faults.push(...faults());
    const count = archive.faults.length;
    expect(await source.read([range])).toEqual([wanted()]);
    expect(archive.seen).toHaveLength(1 + count + 1);
  });

  test.each(passing.slice(0, 4))(
    "a transient fault of an archive is overcome while opening the file: %s",
    async (_title, faults) => {
      archive.faults.push(...faults());
      expect(await (await open()).read([range])).toEqual([wanted()]);
    },
  );
});

describe("permanent faults of an archive", () => {
  const always = (fault: Archive["faults"][number]) => Array.from({ length: 20 }, () => fault);
  const lasting: readonly [string, string, () => Archive["faults"][number]][] = [
    ["500 for ever", "SOURCE_UPSTREAM", () => FAULTS.status(500)],
    ["429 for an hour", "SOURCE_UPSTREAM", () => FAULTS.status(429, { "retry-after": "3600" })],
    ["403", "SOURCE_UPSTREAM", () => FAULTS.status(403)],
    ["404", "SOURCE_MISSING", () => FAULTS.status(404)],
    ["410", "SOURCE_MISSING", () => FAULTS.status(410)],
    [
      "404 because of the bucket",
      "SOURCE_UPSTREAM",
      () => FAULTS.status(404, {}, "<Error><Code>NoSuchBucket</Code></Error>"),
    ],
    ["412", "SOURCE_CHANGED", () => FAULTS.status(412)],
    ["silence", "SOURCE_TIMEOUT", () => FAULTS.stall()],
    ["a body that stalls at once", "SOURCE_TIMEOUT", () => FAULTS.onlyPart(archive, 0, true)],
    ["connections that end", "SOURCE_UNREACHABLE", () => FAULTS.hangUp()],
    ["connections that end before the body", "SOURCE_UNREACHABLE", () => FAULTS.onlyPart(archive, 0)],
    [
      "gzip-encoded bytes",
      "SOURCE_UPSTREAM",
      () => FAULTS.reply(200, { "content-encoding": "gzip" }, gzipSync(wanted())),
    ],
    [
      "another range than asked",
      "SOURCE_UPSTREAM",
      () => FAULTS.reply(206, { "content-range": `bytes 5001-25000/${SIZE}` }, wanted()),
    ],
    [
      "a longer range than asked",
      "SOURCE_UPSTREAM",
      () => FAULTS.reply(206, { "content-range": `bytes 5000-25000/${SIZE}` }, testBytes(20_001)),
    ],
    ["a 206 without Content-Range", "SOURCE_UPSTREAM", () => FAULTS.reply(206, {}, wanted())],
    [
      "ranges in parts",
      "SOURCE_UPSTREAM",
      () => FAULTS.reply(206, { "content-type": "multipart/byteranges; boundary=x" }, wanted()),
    ],
    [
      "a Content-Length below the range",
      "SOURCE_UPSTREAM",
      () =>
        FAULTS.reply(
          206,
          { "content-range": `bytes 5000-24999/${SIZE}`, "content-length": 100 },
          wanted().subarray(0, 100),
        ),
    ],
    [
      "a body longer than its range",
      "SOURCE_UPSTREAM",
      () =>
        FAULTS.reply(
          206,
          { "content-range": `bytes 5000-24999/${SIZE}`, "transfer-encoding": "chunked" },
          testBytes(30_000),
        ),
    ],
    ["a redirect to nowhere", "SOURCE_UPSTREAM", () => FAULTS.status(302)],
  ];
  test.each(lasting)(
    "a permanent fault of an archive has its own code, and the error names only the host: %s is %s",
    async (_title, code, fault) => {
      client = testClient({ retries: 2 });
      const source = await open();
      archive.faults.push(...always(fault()));
      const error = await source.read([range]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code });
      expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/frames|a\.fits/);
    },
  );

  test("a body that always ends early, although cleanly, is SOURCE_UPSTREAM", async () => {
    const source = await open();
    const fields = { "content-range": `bytes 5000-24999/${SIZE}`, "transfer-encoding": "chunked" };
    archive.faults.push(...always(FAULTS.reply(206, fields, new Uint8Array(0))));
    await expect(source.read([range])).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
  });

  test("a request is retried as often as allowed, then fails with the last error", async () => {
    client = testClient({ retries: 3 });
    const source = await open();
    archive.faults.push(...always(FAULTS.status(502)));
    await expect(source.read([range])).rejects.toMatchObject({
      code: "SOURCE_UPSTREAM",
      details: { upstreamStatus: 502 },
    });
    expect(archive.seen).toHaveLength(1 + 1 + 3);
  });

  test("a refused connection is SOURCE_UNREACHABLE", async () => {
    await archive.close();
    await expect(open()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });

  test("an unknown host is SOURCE_UNREACHABLE", async () => {
    const target = { url: new URL("http://archive.invalid/a.fits") };
    await expect(openHttpSource(target, client)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });

  test("a server that does not speak HTTP is SOURCE_UPSTREAM", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      // closing a connection with unread bytes would reset it
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const target = { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.fits`) };
    await expect(openHttpSource(target, client)).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("deadlines of reads from archives", () => {
  test("a body that trickles forever is SOURCE_TIMEOUT", async () => {
    client = testClient({ deadlineMs: 400, idleTimeoutMs: 5000 });
    const source = await open();
    archive.faults.push((_request, response) => {
      response.writeHead(206, { "content-range": `bytes 5000-24999/${SIZE}`, "content-length": 20_000 });
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    await expect(source.read([range])).rejects.toMatchObject({ code: "SOURCE_TIMEOUT" });
  });

  test("a retry that would come too late is not waited for: the last attempt's error is reported", async () => {
    client = testClient({ deadlineMs: 20_000, baseDelayMs: 60_000 });
    const source = await open();
    archive.faults.push(FAULTS.status(500, { "retry-after": "21" }));
    await expect(source.read([range])).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
  });

  test("the first range that fails aborts the other ranges of a read", async () => {
    client = testClient({ idleTimeoutMs: 60_000, deadlineMs: 60_000 });
    const source = await open();
    const [missing, ...silent] = [FAULTS.status(404), FAULTS.stall(), FAULTS.stall(), FAULTS.stall()];
    archive.faults.push(...silent, missing as Archive["faults"][number]);
    const ranges = [2000, 4000, 6000, 8000, 10_000, 12_000].map((offset) => ({ offset, length: 10 }));
    await expect(source.read(ranges)).rejects.toMatchObject({ code: "SOURCE_MISSING" });
    expect(archive.seen).toHaveLength(1 + 4);
  });

  test("a cancelled read rejects with the caller's reason, while waiting for a response and before a retry", async () => {
    client = testClient({ idleTimeoutMs: 60_000, baseDelayMs: 9000 });
    const source = await open();
    for (const fault of [FAULTS.stall(), FAULTS.status(500)]) {
      const controller = new AbortController();
      archive.faults.push((request, response) => {
        fault(request, response);
        setTimeout(() => controller.abort(new Error("client gone")), 50);
      });
      await expect(source.read([range], { signal: controller.signal })).rejects.toThrow("client gone");
    }
    await expect(source.read([range], { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow(
      "gone",
    );
  });
});
