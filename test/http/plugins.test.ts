import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { fastify } from "fastify";
import { describe, expect, it } from "vitest";
import { installAccessLog } from "../../src/http/plugins/access-log.ts";
import { acceptedCoding } from "../../src/http/plugins/compression.ts";
import { clientAddressReader } from "../../src/http/requests/client-address.ts";
import { openLogger } from "../../src/observe/logger.ts";
import { KNOWN_ID, testService } from "../support/test-service.ts";

describe("compression, by RFC 9110", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    ["gzip, deflate, br", "br"],
    ["gzip;q=1.0, br;q=0", "gzip"],
    ["GZIP", "gzip"],
    ["identity, gzip;q=0.000", undefined],
  ])("Accept-Encoding: %s selects %s (RFC 9110)", (accept, coding) => {
    expect(acceptedCoding(accept)).toBe(coding);
  });

  it("JSON is compressed, products are not", async () => {
    const service = await testService();
    const get = (url: string, coding?: string) =>
      service.app.inject({ url, headers: coding === undefined ? {} : { "accept-encoding": coding } });
    const plain = await get("/openapi.json");
    const [gzipped, brotli] = [await get("/openapi.json", "gzip"), await get("/openapi.json", "br, gzip")];
    expect(gunzipSync(gzipped.rawPayload).toString()).toBe(plain.body);
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
    for (const answer of [gzipped, brotli]) {
      expect(answer.headers["content-length"]).toBe(String(answer.rawPayload.length));
      expect(answer.headers.vary).toBe("Accept-Encoding");
    }
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const product = await get(`/images/${KNOWN_ID}`, "br");
    expect([product.headers["content-encoding"], product.rawPayload.length]).toEqual([undefined, 2880]);
    await service.close();
  });
});

describe("the access log, in Apache's combined format", () => {
  it("the access log has one line per response, whatever the client sends (Apache's combined format)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sbnsis-access-"));
    const accessFile = join(folder, "access.log");
    const logger = openLogger({ accessFile, stderr: false });
    const app = fastify({ logger: false });
    const clientOf = clientAddressReader(["127.0.0.1"]);
    installAccessLog(app, logger.access!, clientOf);
    app.get("/x", async () => "hello");
    await app.inject({
      url: '/x?a="',
      headers: { "user-agent": 'evil" é', referer: "http://page.example/" },
    });
    await app.inject({ url: "/none", headers: { "user-agent": "plain" } });
    for (const forwarded of ["2001:DB8:0::1", "192.0.2.1:99", '"evil" - - [x]', "\u001b[31m"]) {
      await app.inject({ url: "/x", headers: { "x-forwarded-for": forwarded } });
    }
    await app.close();
    await logger.close();
    const time = String.raw`\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]`;
    const [first, second, ...forwarded] = readFileSync(accessFile, "utf8").split("\n");
    expect(first).toMatch(
      new RegExp(
        String.raw`^127\.0\.0\.1 - - ${time} "GET /x\?a=(?:\\"|%22) HTTP/1\.1" 200 5 "http://page\.example/" "evil\\" \\x[^"]+"$`,
      ),
    );
    expect(second).toMatch(
      new RegExp(String.raw`^127\.0\.0\.1 - - ${time} "GET /none HTTP/1\.1" 404 \d+ "-" "plain"$`),
    );
    expect(forwarded.map((line) => line.split(" - - ", 1)[0])).toEqual([
      ...["2001:db8::1", "192.0.2.1", "-", "-"],
      "",
    ]);
    rmSync(folder, { recursive: true });
  });
});
