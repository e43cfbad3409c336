import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryCatalog, type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
let port: number;
let begun: number;
let release: () => void;

beforeEach(async () => {
  begun = 0;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const catalog = memoryCatalog();
  service = await testService({
    catalog: {
      ...catalog,
      listImages: async (filter) => {
        begun++;
        await released;
        return catalog.listImages(filter);
      },
    },
  });
  await service.app.listen({ host: "127.0.0.1", port: 0 });
  port = (service.app.server.address() as AddressInfo).port;
});
afterEach(() => service.close());

async function connected(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

const request = (path: string, last = false) =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\n${last ? "Connection: close\r\n" : ""}\r\n`;

const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).status;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function metric(name: string): Promise<number> {
  const { body } = await service.app.inject("/metrics");
  return Number(new RegExp(`^${name} (.*)$`, "m").exec(body)?.[1]);
}

const connections = () =>
  new Promise<number>((resolve) => service.app.server.getConnections((_error, count) => resolve(count)));

test("1000 pipelined requests are served completely and in order (RFC 9112, 9.3.2)", async () => {
  release();
  const socket = await connected();
  const paths = Array.from({ length: 1000 }, (_, i) => `/query?offset=${i}`);
  socket.write(paths.map((path, i) => request(path, i === 999)).join(""));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "close");
  const offsets = [
    ...Buffer.concat(chunks)
      .toString()
      .matchAll(/"offset":(\d+)/g),
  ].map(([, n]) => Number(n));
  expect(offsets).toEqual(paths.map((_, i) => i));
});

test("of 1400 pipelined requests on each of 20 connections only one is begun, and none after the clients disconnected", async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, connected));
  for (const socket of sockets) socket.write(request("/query?maxrec=1000").repeat(1400));
  // 16 queries run at once
  await until(() => begun === 16);
  expect(await health()).toBe(200);
  for (const socket of sockets) socket.destroy();
  release();
  await until(async () => (await connections()) <= 1);
  expect(await health()).toBe(200);
  // one more query may follow a running one until the system reports that the client has
  // disconnected
  expect(begun).toBeLessThanOrEqual(60);
});

test("reading from a connection pauses while a handful of its requests wait", async () => {
  const socket = await connected();
  // more than fits into the buffers of the system and a few reads
  socket.write(request("/query").repeat(400_000));
  await until(() => begun === 1);
  expect(await health()).toBe(200);
  expect(socket.writableLength).toBeGreaterThan(0);
  expect(begun).toBe(1);
  socket.destroy();
  release();
});

test("queries beyond the queue are refused with 503 and Retry-After, waiting ones cancelled when clients disconnect", async () => {
  // 16 run, 512 wait
  const sockets = await Promise.all(Array.from({ length: 528 }, connected));
  for (const socket of sockets) socket.write(request("/query"));
  await until(async () => (await metric("sbnsis_http_requests_in_flight")) === 529);
  const refused = await fetch(`http://127.0.0.1:${port}/query`);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await health()).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until(async () => (await metric("sbnsis_http_requests_in_flight")) === 1);
  release();
  expect((await fetch(`http://127.0.0.1:${port}/query`)).status).toBe(200);
  expect(begun).toBe(17);
});
