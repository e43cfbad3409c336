import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { S3Bucket } from "../../src/archive/store/s3-bucket.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function bucketAt(started: Server, idleTimeoutMs = 10_000): Promise<S3Bucket> {
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  const keys = { region: "us-east-1", accessKeyId: "id", secretAccessKey: "secret" };
  return new S3Bucket({ location: "s3://bucket", endpoint, idleTimeoutMs, ...keys });
}

test("a request on a kept connection that the store has closed is sent again (RFC 9112, 9.3.1)", async () => {
  const used = new Set<Socket>();
  const bucket = await bucketAt(
    createServer((request, response) => {
      if (used.has(request.socket)) request.socket.destroy();
      else response.writeHead(404).end();
      used.add(request.socket);
    }),
  );
  expect([await bucket.get("a"), await bucket.get("a")]).toEqual([undefined, undefined]);
  expect(used.size).toBe(2);
  bucket.close();
});

test("a store that does not respond is an error that names it (SOURCE_TIMEOUT)", async () => {
  const bucket = await bucketAt(
    createServer(() => undefined),
    50,
  );
  await expect(bucket.get("a")).rejects.toMatchObject({
    code: "SOURCE_TIMEOUT",
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ did not respond/),
  });
  bucket.close();
});

test("a store that closes each connection is an error, not a loop (SOURCE_UNREACHABLE)", async () => {
  let requests = 0;
  const bucket = await bucketAt(
    createServer((request) => {
      requests += 1;
      request.socket.destroy();
    }),
  );
  await expect(bucket.head("a")).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  expect(requests).toBe(1);
  bucket.close();
});
