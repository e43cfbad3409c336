import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
beforeEach(async () => {
  service = await testService();
});
afterEach(() => service.close());

const url = `/images/${KNOWN_ID}`;
const get = (headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET", address = url) =>
  service.app.inject({ url: address, method, headers });

describe("a product, as RFC 9110 has it", () => {
  it("a product names one spelling of its address, whatever the order of its parameters (Link, RFC 6596)", async () => {
    const id = encodeURIComponent(KNOWN_ID);
    const canonical = `<http://127.0.0.1:5000/images/${id}?format=jpeg&ra=10.5&dec=-0.05&size=5arcmin&align=true>; rel="canonical"`;
    for (const query of [
      "format=jpeg&ra=10.5&dec=-0.05&size=5arcmin&align=true",
      "align=true&size=5arcmin&dec=-00.050&ra=%2B010.50&download=true&format=jpg",
    ]) {
      const answer = await get({}, "GET", `${url}?${query}`);
      expect(answer.headers.link).toBe(canonical);
    }
    expect((await get()).headers.link).toMatch(/\/images\/[^:?]+\?format=fits>; rel="canonical"$/);
    expect((await get({}, "GET", `${url}?format=tiff`)).headers.link).toBeUndefined();
  });

  it("a product is sent whole, with all headers that describe it (RFC 9110)", async () => {
    const answer = await get();
    const bytes = readFileSync(service.file);
    expect(answer.rawPayload.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-type": "image/fits",
      "content-length": String(bytes.length),
      "content-disposition": 'inline; filename="product.fits"',
      "accept-ranges": "bytes",
      "cache-control": "public, max-age=120, stale-while-revalidate=120, stale-if-error=86400",
      etag: expect.stringMatching(/^"[^"]+"$/),
      "last-modified": expect.stringMatching(/ GMT$/),
      "access-control-allow-origin": "*",
      "x-job-id": expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  });

  it("HEAD of a product has the same headers and no body", async () => {
    const [whole, head] = [await get(), await get({}, "HEAD")];
    expect(head.rawPayload.length).toBe(0);
    const { "x-job-id": a, date: b, ...expected } = whole.headers;
    const { "x-job-id": c, date: d, ...found } = head.headers;
    expect(found).toEqual(expected);
    expect([a, b].length + [c, d].length).toBe(4);
    expect(a).not.toBe(c);
  });

  it("a product is not sent again to a client that has it", async () => {
    const { etag, "last-modified": modified } = (await get()).headers as Record<string, string>;
    for (const headers of [
      { "if-none-match": etag! },
      { "if-none-match": `"x", W/${etag}` },
      { "if-none-match": "*" },
      { "if-modified-since": modified! },
    ]) {
      const answer = await get(headers);
      expect([answer.statusCode, answer.rawPayload.length, answer.headers.etag]).toEqual([304, 0, etag]);
    }
    for (const headers of [
      { "if-none-match": '"x"', "if-modified-since": modified! },
      { "if-modified-since": "no date" },
      { "if-modified-since": "Mon, 01 Jan 1990 00:00:00 GMT" },
    ]) {
      expect((await get(headers)).statusCode).toBe(200);
    }
  });

  it("a product is refused with 412 to a client that requires another version (RFC 9110, 13.1.1, 13.1.4)", async () => {
    const { etag, "last-modified": modified } = (await get()).headers as Record<string, string>;
    for (const headers of [
      { "if-match": '"x"' },
      { "if-match": `W/${etag}` },
      { "if-match": '"x"', "if-none-match": etag! },
      { "if-unmodified-since": "Mon, 01 Jan 1990 00:00:00 GMT" },
    ]) {
      const answer = await get(headers);
      expect([answer.statusCode, answer.json().code]).toEqual([412, "PRECONDITION_FAILED"]);
    }
    for (const headers of [
      { "if-match": `"x", ${etag}` },
      { "if-match": "*" },
      { "if-match": etag!, "if-unmodified-since": "Mon, 01 Jan 1990 00:00:00 GMT" },
      { "if-unmodified-since": modified! },
      { "if-unmodified-since": "no date" },
    ]) {
      expect((await get(headers)).statusCode).toBe(200);
    }
  });

  it.each([
    ["bytes=0-79", 0, 80],
    ["bytes=10-10", 10, 11],
    ["bytes=2700-", 2700, 2880],
    ["bytes=-80", 2800, 2880],
    ["bytes=-9999", 0, 2880],
    ["bytes=2000-99999", 2000, 2880],
  ])("a range request for a product receives the part %s", async (range, start, end) => {
    const answer = await get({ range });
    expect(answer.statusCode).toBe(206);
    expect(answer.headers["content-range"]).toBe(`bytes ${start}-${end - 1}/2880`);
    expect(answer.headers["content-length"]).toBe(String(end - start));
    expect(answer.rawPayload.equals(readFileSync(service.file).subarray(start, end))).toBe(true);
  });

  it.each(["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=a-b"])(
    "the invalid range %s is ignored, and the whole product sent",
    async (range) => {
      const answer = await get({ range });
      expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 2880]);
    },
  );

  it.each(["bytes=2880-", "bytes=9999-10000", "bytes=-0"])(
    "the unsatisfiable range %s is refused with 416",
    async (range) => {
      const answer = await get({ range });
      expect([answer.statusCode, answer.headers["content-range"]]).toEqual([416, "bytes */2880"]);
      expect(answer.json().code).toBe("RANGE_NOT_SATISFIABLE");
    },
  );

  it("If-Range limits a partial response of a product to the named version", async () => {
    const { etag, "last-modified": modified } = (await get()).headers as Record<string, string>;
    expect((await get({ range: "bytes=0-9", "if-range": etag! })).statusCode).toBe(206);
    expect((await get({ range: "bytes=0-9", "if-range": modified! })).statusCode).toBe(206);
    expect((await get({ range: "bytes=0-9", "if-range": '"old"' })).statusCode).toBe(200);
  });

  it("a replaced file is served in its new version, though the old one is in memory", async () => {
    await get();
    writeFileSync(service.file, "new");
    utimesSync(service.file, 1000, 1000);
    const answer = await get();
    expect([answer.body, answer.headers["content-length"]]).toEqual(["new", "3"]);
  });

  it("a large product is streamed, whole and in part", async () => {
    const bytes = Buffer.alloc(3_000_000, "0123456789abcdef!");
    writeFileSync(service.file, bytes);
    expect((await get()).rawPayload.equals(bytes)).toBe(true);
    const part = await get({ range: "bytes=1000001-2000000" });
    expect(part.rawPayload.equals(bytes.subarray(1_000_001, 2_000_001))).toBe(true);
  });

  it("an empty product is served", async () => {
    writeFileSync(service.file, "");
    const answer = await get();
    expect([answer.statusCode, answer.headers["content-length"]]).toEqual([200, "0"]);
  });

  it.each([
    ["plain.fits", 'attachment; filename="plain.fits"'],
    ['a"b\\c.fits', 'attachment; filename="a\\"b\\\\c.fits"'],
    ["é\r\nX-Evil: 1", "attachment; filename=\"___X-Evil: 1\"; filename*=UTF-8''%C3%A9%0D%0AX-Evil%3A%201"],
    ["50%.fits", "attachment; filename=\"50%.fits\"; filename*=UTF-8''50%25.fits"],
  ])("a product is downloaded under the name %j by RFC 6266", async (name, header) => {
    service.rename(name);
    expect((await get({}, "GET", `${url}?download=true`)).headers["content-disposition"]).toBe(header);
  });
});

describe("what the products room is asked", () => {
  it.each([
    ["0.01arcsec", 1],
    ["0deg", 1],
    ["7.20arcmin", 432],
    ["5.arcmin", 300],
    ["0.5deg", 1800],
    ["2degree", 7200],
    ["0.01radian", 2062.648],
    ["0.01rad", 2062.648],
  ])("the size %s of a product is read as %d arcsec and kept as written", async (text, arcsec) => {
    await get({}, "GET", `${url}?ra=1.5&dec=-2&size=${text}&format=jpg&align=true`);
    const [request] = service.requests;
    expect(request).toMatchObject({
      id: KNOWN_ID,
      format: "jpeg",
      align: true,
      cutout: { ra: 1.5, dec: -2, size: { text } },
    });
    expect(request?.cutout?.size.arcsec).toBeCloseTo(arcsec, 3);
  });
});

describe("errors of the products room", () => {
  it.each([
    ["WCS_UNSUPPORTED", 501],
    ["OVERLOADED", 503],
    ["SOURCE_MISSING", 404],
    ["CACHE_UNAVAILABLE", 507],
  ] as const)("%s gives the status %i; its path is only in the log", async (code, status) => {
    service.fail(new SisError(code, "the product is not made yet", { details: { path: "/secret" } }));
    const answer = await get();
    expect(answer.statusCode).toBe(status);
    expect(answer.json().code).toBe(code);
    if (status >= 500) expect(answer.body).not.toContain("secret");
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "5" : undefined);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it.each([
    "FITS_CORRUPT",
    "FITS_TRUNCATED",
    "FITS_TILE_CORRUPT",
    "FITS_TOO_LARGE",
    "FITS_NO_SUCH_HDU",
  ] as const)("%s is CORRUPT_SOURCE to the client, and only the log has the original code", async (code) => {
    service.fail(new SisError(code, "tile 7 at byte 4711", { details: { tile: 7 } }));
    const answer = await get();
    expect(answer.json()).toMatchObject({ status: 500, code: "CORRUPT_SOURCE", reason: code });
    expect(answer.body).not.toContain("byte 4711");
    expect(service.lines.at(-1)).toContain(`"code": "${code}"`);
  });

  it("an unexpected error is hidden from the client, and logged with job id and stack", async () => {
    service.fail(new TypeError("secret /path"));
    const answer = await get();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret|path/);
    const line = service.lines.at(-1) ?? "";
    expect(line).toMatch(/^ERROR /);
    expect(JSON.parse(line.slice(line.indexOf("{")))).toMatchObject({
      job_id: answer.headers["x-job-id"],
      stack: expect.stringContaining("secret /path"),
    });
  });

  it("a product that disappears before it is sent is made again", async () => {
    service.fail(new SisError("SOURCE_CHANGED", "gone"));
    expect((await get()).statusCode).toBe(200);
    expect(service.requests.length).toBe(2);
  });

  it.each([
    ["text/plain", true],
    ["text/html,application/xhtml+xml,*/*;q=0.8", true],
    ["text/plain, application/json", false],
    ["*/*", false],
    ["image/fits", false],
  ])("an error for Accept: %s is only the sentence: %s", async (accept, plain) => {
    const answer = await get({ accept }, "GET", `${url}?ra=1`);
    const sentence = "If one of ra, dec, or size is defined, then all must be defined.";
    expect(answer.headers["content-type"]).toBe(
      plain ? "text/plain; charset=utf-8" : "application/problem+json",
    );
    if (plain) expect(answer.body).toBe(sentence);
    else expect(answer.json().detail).toBe(sentence);
  });
});
