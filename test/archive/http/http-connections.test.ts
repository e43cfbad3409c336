import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HttpClient } from "../../../src/archive/http/http-client.ts";
import { openHttpSource } from "../../../src/archive/http/http-source.ts";
import { testBytes } from "../../support/archive/test-archive.ts";
import { testClient } from "../../support/archive/test-client.ts";

/** Handles the request with index `count` (from 0) on its connection. */
type Handle = (socket: Socket, head: string, count: number) => void;

let client: HttpClient;
let server: Server;
let connections: number;
let url: URL;

/** An archive that writes its responses byte by byte. */
async function listen(handle: Handle): Promise<void> {
  connections = 0;
  server = createServer((socket) => {
    connections += 1;
    let count = 0;
    let head = "";
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      head += data;
      if (!head.includes("\r\n\r\n")) return;
      const asked = head;
      head = "";
      handle(socket, asked, count++);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.fits`);
}

function rangeOf(head: string): readonly [number, number] {
  const [, first, last] = /range: bytes=(\d+)-(\d+)/i.exec(head) ?? [];
  return [Number(first), Number(last) + 1];
}

function responseHead(start: number, end: number, size: number, ...fields: readonly string[]): string {
  return [
    "HTTP/1.1 206 Partial Content",
    `Content-Range: bytes ${start}-${end - 1}/${size}`,
    `Content-Length: ${end - start}`,
    'ETag: "1"',
    ...fields,
    "\r\n",
  ].join("\r\n");
}

beforeEach(() => {
  client = testClient({ idleTimeoutMs: 5000 });
});
afterEach(async () => {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

describe("connections closed by the archive", () => {
  test.each([65_536, 71_000, 131_072, 200_000])(
    "a connection that ends right after a body of %i bytes costs no retry",
    async (size) => {
      const bytes = testBytes(size);
      await listen((socket, head) => {
        const [start, end] = rangeOf(head);
        const last = Math.min(end, size);
        // one write, so that the last bytes and FIN arrive together
        socket.end(
          Buffer.concat([
            Buffer.from(responseHead(start, last, size, "Connection: close")),
            bytes.subarray(start, last),
          ]),
        );
      });
      for (let i = 0; i < 10; i++) {
        const source = await openHttpSource({ url }, client, { headBytes: size });
        const [read] = await source.read([{ offset: 0, length: size }]);
        expect(Buffer.compare(read as Uint8Array, bytes)).toBe(0);
      }
      expect(connections).toBe(10);
    },
  );

  test("a connection is reused, and one closed meanwhile is replaced without a retry", async () => {
    const bytes = testBytes(3000);
    await listen((socket, head, count) => {
      if (count === 2) {
        socket.destroy();
        return;
      }
      const [start, end] = rangeOf(head);
      socket.write(Buffer.concat([Buffer.from(responseHead(start, end, 3000)), bytes.subarray(start, end)]));
    });
    client = testClient({ retries: 0 });
    const source = await openHttpSource({ url }, client, { headBytes: 10 });
    for (const offset of [100, 200, 300, 400]) {
      expect(await source.read([{ offset, length: 10 }])).toEqual([bytes.subarray(offset, offset + 10)]);
    }
    expect(connections).toBe(3);
  });
});

describe("responses that violate HTTP", () => {
  const raw: readonly [string, string, string][] = [
    [
      "101 Switching Protocols",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx",
      "SOURCE_UPSTREAM",
    ],
    [
      "two lengths",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
      "SOURCE_UPSTREAM",
    ],
    [
      "a chunk without a size",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "SOURCE_NO_RANGES",
    ],
    ["a head of 100 kB", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, "SOURCE_UPSTREAM"],
    ["a head without an end", "HTTP/1.1 200 OK\r\nContent-Le", "SOURCE_UNREACHABLE"],
    ["nothing", "", "SOURCE_UNREACHABLE"],
    ["100 Continue and nothing after it", "HTTP/1.1 100 Continue\r\n\r\n", "SOURCE_UNREACHABLE"],
  ];
  test.each(raw)(
    "a response that violates HTTP fails only its request: %s",
    async (_title, response, code) => {
      await listen((socket) => void socket.end(response));
      client = testClient({ retries: 1 });
      await expect(openHttpSource({ url }, client)).rejects.toMatchObject({ code });
    },
  );

  test("bytes after the announced body do not become the next response", async () => {
    await listen((socket, head) => {
      const [start, end] = rangeOf(head);
      const body = Buffer.alloc(end - start, "a");
      socket.write(
        Buffer.concat([
          Buffer.from(responseHead(start, end, 3000)),
          body,
          Buffer.from("HTTP/1.1 200 OK\r\n\r\nb"),
        ]),
      );
    });
    const source = await openHttpSource({ url }, client, { headBytes: 10 });
    for (const offset of [100, 200]) {
      const [read] = await source.read([{ offset, length: 10 }]);
      expect(Buffer.from(read as Uint8Array).toString()).toBe("aaaaaaaaaa");
    }
  });
});

test("a host that times out three times in a row is paused, while others still receive requests", async () => {
  await listen(() => undefined);
  client = testClient({ idleTimeoutMs: 50, retries: 2 });
  await expect(openHttpSource({ url }, client)).rejects.toMatchObject({ code: "SOURCE_TIMEOUT" });
  const { requests } = client.traffic;
  await expect(openHttpSource({ url }, client)).rejects.toMatchObject({
    code: "SOURCE_TIMEOUT",
    message: expect.stringContaining("requests to it are paused"),
  });
  expect(client.traffic.requests).toBe(requests);
  const other = new URL("http://archive.invalid/");
  await expect(openHttpSource({ url: other }, client)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});

test.each([true, false])(
  "six reads at once use at most two connections, kept alive: %s, and only then are any left open (sockets counted by the server)",
  async (keepsAlive) => {
    let most = 0;
    const bytes = testBytes(6 * 65_536);
    await listen((socket, head) => {
      server.getConnections((_error, open) => {
        most = Math.max(most, open);
        const [start, end] = rangeOf(head);
        const close = keepsAlive ? [] : ["Connection: close"];
        const body = responseHead(start, end, bytes.length, ...close);
        socket.write(Buffer.concat([Buffer.from(body), bytes.subarray(start, end)]));
        if (!keepsAlive) socket.end();
      });
    });
    const few = testClient({ idleTimeoutMs: 5000, connections: 2, keepsAlive });
    const source = await openHttpSource({ url }, few, { headBytes: 1 });
    const ranges = Array.from({ length: 6 }, (_, i) => ({ offset: i * 65_536 + 1, length: 60_000 }));
    const read = await Promise.all(ranges.map(async (range) => (await source.read([range]))[0]));
    const wanted = ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
    expect(read.map((part, i) => Buffer.compare(part!, wanted[i]!))).toEqual(ranges.map(() => 0));
    expect(most).toBe(2);
    const open = () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
    if (keepsAlive) expect(await open()).toBe(2);
    else await expect.poll(open).toBe(0);
    await few.close();
  },
);
