import { once } from "node:events";
import { truncateSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
let port: number;
beforeEach(async () => {
  service = await testService();
  await service.app.listen({ host: "127.0.0.1", port: 0 });
  port = (service.app.server.address() as AddressInfo).port;
});
afterEach(() => service.close());

/** The service's response to these bytes before it closes the connection. */
async function converse(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes, "latin1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}

describe("bytes that are no request", () => {
  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a NUL in the path", "GET /images/\0 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["headers without end", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(40_000)}\r\n\r\n`],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
    ["two Host fields", "GET /health HTTP/1.1\r\nHost: x\r\nhost: y\r\nConnection: close\r\n\r\n"],
    ["the same Host twice", "GET /health HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["a list in Host", "GET /health HTTP/1.1\r\nHost: x, y z\r\nConnection: close\r\n\r\n"],
    ["a URL in Host", "GET /health HTTP/1.1\r\nHost: http://x/\r\nConnection: close\r\n\r\n"],
    ["no Host", "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"],
  ])("bytes that are not a request receive 400 with a problem document: %s", async (_, bytes) => {
    const answer = await converse(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toContain("application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: "MALFORMED_REQUEST" });
  });
});

describe("a Host field", () => {
  it.each(["x", "x:1", "[::1]:5000", "", "a_b.example:"])(
    "the Host field may be %j, by RFC 9112",
    async (host) => {
      const answer = await converse(`GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});

describe("methods on the wire", () => {
  it.each(["TRACE", "PROPFIND", "DELETE"])("the method %s on the wire receives 405", async (method) => {
    const answer = await converse(`${method} /summary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toMatch(/\r\nallow: GET, HEAD, OPTIONS\r\n/i);
  });
});

describe("a client that goes in the middle of a large product", () => {
  it("a client that disconnects during a large product does not affect the next client", async () => {
    writeFileSync(service.file, Buffer.alloc(20_000_000, 7));
    const url = `http://127.0.0.1:${port}/images/${KNOWN_ID}`;
    for (let i = 0; i < 20; i++) {
      const request = get(url);
      request.on("error", () => undefined);
      const [response] = await once(request, "response");
      await once(response, "data");
      request.destroy();
    }
    const answer = await fetch(url);
    expect((await answer.arrayBuffer()).byteLength).toBe(20_000_000);
    expect(service.lines.filter((line) => !line.startsWith("INFO"))).toEqual([]);
  });
});

describe("a product that turns out shorter or longer than announced", () => {
  const twice = `GET /images/${KNOWN_ID} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(2);
  const bodyOf = async () => {
    const answer = await converse(twice);
    return answer.slice(answer.indexOf("\r\n\r\n") + 4);
  };

  it.each([
    ["shorter", 2_000_000],
    ["longer", 4_000_000],
  ])(
    "a product from an archive that turns out %s than announced ends the connection before another response",
    async (_, sent) => {
      service.describe({
        size: 3_000_000,
        content: async function* () {
          for (let at = 0; at < sent; at += 500_000) yield Buffer.alloc(500_000, "x");
        },
      });
      const body = await bodyOf();
      expect(body).toMatch(/^x*$/);
      expect(body.length).toBeLessThanOrEqual(3_000_000);
      const errors = service.lines.filter((line) => line.startsWith("ERROR"));
      expect(errors.at(-1)).toMatch(/SOURCE_CHANGED.*3000000 bytes that were announced/);
    },
  );

  it("a file truncated while it is being sent ends the connection", async () => {
    writeFileSync(service.file, Buffer.alloc(64_000_000, "x"));
    const socket = connect(port, "127.0.0.1");
    socket.write(twice);
    await once(socket, "readable");
    truncateSync(service.file, 1000);
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      text += chunk;
    });
    await once(socket, "close");
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(64_000_000);
  });
});
