import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpClient } from "../../../src/archive/http/http-client.ts";
import { openHttpSource } from "../../../src/archive/http/http-source.ts";
import { type Archive, FAULTS, startArchive, testBytes } from "../../support/archive/test-archive.ts";
import { testClient } from "../../support/archive/test-client.ts";

let archive: Archive;
let proxy: Server;
let client: HttpClient;
let seen: string[];
let authorizations: (string | undefined)[];

/**
 * A forward proxy (RFC 9110, 7.7 and 9.3.6) that resolves every name to the archive on loopback.
 */
async function startProxy(): Promise<string> {
  const note = (asked: IncomingMessage) => {
    seen.push(`${asked.method} ${asked.url}`);
    authorizations.push(asked.headers["proxy-authorization"]);
  };
  const port = () => Number(new URL(archive.url).port);
  proxy = createServer((asked, answer) => {
    note(asked);
    const { pathname } = new URL(asked.url ?? "");
    const { "proxy-authorization": _secret, ...headers } = asked.headers;
    const onward = request({ port: port(), path: pathname, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    onward.end();
  });
  proxy.on("connect", (asked: IncomingMessage, socket: Socket) => {
    note(asked);
    socket.on("error", () => undefined);
    if (asked.url?.startsWith("refused.")) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    // not TLS: the handshake fails, which shows that it was attempted through the tunnel
    const onward = connect(port(), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  seen = [];
  authorizations = [];
  archive = await startArchive(testBytes(5000));
  const address = await startProxy();
  vi.stubEnv("http_proxy", `http://reader:s%40crt@${address}`);
  vi.stubEnv("https_proxy", `http://${address}`);
  vi.stubEnv("no_proxy", "127.0.0.1,.direct.example");
  client = testClient({ retries: 0 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.close();
  await archive.close();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

const open = (url: string) => openHttpSource({ url: new URL(url) }, client, { headBytes: 100 });

describe("proxies from the environment", () => {
  test("http requests to a proxy have the absolute form and its credentials, also for names that only the proxy knows", async () => {
    const source = await open("http://archive.example/a.fits");
    expect(await source.read([{ offset: 4000, length: 10 }])).toEqual([
      archive.file.bytes.subarray(4000, 4010),
    ]);
    expect(seen).toEqual(["GET http://archive.example/a.fits", "GET http://archive.example/a.fits"]);
    expect(authorizations[0]).toBe(`Basic ${Buffer.from("reader:s@crt").toString("base64")}`);
    expect(archive.seen[0]?.headers).toMatchObject({ host: "archive.example", range: "bytes=0-99" });
  });

  test("https requests go through a tunnel of the proxy", async () => {
    await expect(open("https://archive.example/a.fits")).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
    });
    expect(seen).toEqual(["CONNECT archive.example:443"]);
  });

  test("a tunnel that the proxy refuses is SOURCE_UNREACHABLE, and the error names the status", async () => {
    await expect(open("https://refused.example/a.fits")).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
      message: expect.stringContaining("PROXY_403"),
    });
  });

  test("requests to hosts in NO_PROXY bypass the proxy", async () => {
    expect((await open(archive.url)).identity.size).toBe(5000);
    await expect(open("http://a.direct.example/")).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    expect(seen).toEqual([]);
  });

  test("an unreachable proxy is SOURCE_UNREACHABLE; an invalid proxy URL is CONFIG_INVALID and not shown", async () => {
    vi.stubEnv("http_proxy", "http://127.0.0.1:1");
    await expect(open("http://archive.example/")).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    vi.stubEnv("http_proxy", "socks5://reader:secret@127.0.0.1:1");
    await expect(open("http://archive.example/")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.not.stringContaining("secret"),
    });
  });

  test("an archive behind a proxy cannot redirect to a private address, even one that redirects may lead to", async () => {
    client = testClient({ retries: 0, redirectHosts: ["127.0.0.1"] });
    archive.faults.push(FAULTS.redirect(archive.url));
    await expect(open("http://archive.example/a.fits")).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
    expect(archive.seen).toHaveLength(1);
  });
});
