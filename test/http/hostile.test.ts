import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KNOWN_ID, type TestService, testService } from "../support/test-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.close());

const image = `/images/${KNOWN_ID}`;
const place = "ra=10.5&dec=-5";
const good = `${place}&size=1arcmin`;

/** Address, status, and what the response must contain. */
const CASES: readonly (readonly [string, number, string])[] = [
  [`${image}?${good}`, 200, ""],
  [`/images/${encodeURIComponent(KNOWN_ID)}?${good}`, 200, ""],
  [`${image}?size=1.0arcmin&dec=-5&ra=10.5&format=fits&foo=1&foo=2`, 200, ""],
  [`${image}?${place}&size=0.0003radian`, 200, ""],
  [`${image}?${place}&size=0.01radian`, 200, ""],
  [`${image}?${place}&size=0.01degree`, 200, ""],
  [`${image}?${place}&size=0.01arcsec`, 200, ""],
  [`${image}?${place}&size=7.20arcmin`, 200, ""],
  [`${image}?${place}&size=5.arcmin`, 200, ""],
  [`${image}?ra=360&dec=-90&size=1arcmin`, 200, ""],
  [`${image}?ra=0&dec=90&size=1arcmin`, 200, ""],
  [`${image}?ra=1e1&dec=+5&size=1arcmin`, 200, ""],
  [`${image}?ra=%2010&dec=%09-5%20&size=+1arcmin+`, 200, ""],
  [`${image}?RA=10.5&Dec=-5&SIZE=1arcmin`, 200, ""],
  [`${image}?ra=10&RA=1&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?RA=400&dec=-5&size=1arcmin`, 400, 'Parameter ra is \\"400\\"'],
  [`${image}?ra=&dec=&size=&format=&align=&download=&mark=&width=`, 200, ""],
  [`${image}?ra&dec&size`, 200, ""],
  [`${image}?ra=&ra=10&dec=-5&size=1arcmin`, 200, ""],
  [`${image}?ra=1+0&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=${"1".repeat(8000)}x&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}/?${good}`, 200, ""],
  [`${image}//`, 404, ""],
  [`${image}?ra=1e1&dec=%2B5&size=1arcmin`, 200, ""],
  [`${image}?${good}&format=jpg&align=True`, 200, ""],
  [`${image}?format=label`, 200, ""],
  [`${image}?ra=10.5`, 400, "If one of ra, dec, or size is defined, then all must be defined."],
  [`${image}?${place}`, 400, "If one of ra, dec, or size is defined, then all must be defined."],
  [`${image}?align=true`, 400, "align=true requires format=jpeg, png"],
  [`${image}?align=true&format=png`, 200, ""],
  [`${image}?${good}&align=true&format=fits`, 400, "align=true requires format=jpeg, png"],
  [`${image}?${good}&align=true&format=label`, 400, "align=true requires format=jpeg, png"],
  [`${image}?ra=400&dec=-5&size=1arcmin`, 400, 'Parameter ra is \\"400\\"; allowed: a number from 0 to 360.'],
  [`${image}?ra=-0.1&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=10&dec=-91&size=1arcmin`, 400, "dec"],
  [`${image}?ra=NaN&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=Infinity&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=1e999&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=0x10&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=10&ra=1&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?${good}&format=fits&format=png`, 400, "format"],
  [`${image}?${place}&size=-5arcmin`, 400, "size"],
  [`${image}?${place}&size=5parsec`, 400, "size"],
  [`${image}?${place}&size=5`, 400, "size"],
  [`${image}?${place}&size=5arcmin%0A`, 400, "size"],
  [`${image}?${place}&size=${"9".repeat(400)}deg`, 400, "size"],
  [`${image}?${place}&size=`, 400, "If one of ra, dec, or size is defined, then all must be defined."],
  [`${image}?${good}&format=gif`, 400, "format"],
  [`${image}?${good}&format=`, 200, ""],
  [`${image}?${good}&format=__proto__`, 400, "format"],
  [`${image}?${good}&download=maybe`, 400, "download"],
  [`${image}?${good}&download=`, 200, ""],
  [`${image}?${good}&align=__proto__`, 400, "align"],
  [`${image}?${good}&download=__proto__`, 400, "download"],
  [`${image}?${good}&download=constructor`, 400, "download"],
  [`${image}?__proto__=1&constructor=2`, 200, ""],
  [`${image}?ra=%zz&dec=-5&size=1arcmin`, 400, "ra"],
  [`${image}?ra=%00&dec=-5&size=1arcmin`, 400, "ra"],
  ["/images/urn:nope", 404, "Image ID not found in database."],
  ["/images/", 404, "Image ID not found in database."],
  [`/images/${"x".repeat(255)}`, 404, "Image ID not found in database."],
  [`/images/${"%3A".repeat(255)}`, 404, "Image ID not found in database."],
  [`/images/${"x".repeat(256)}`, 404, "Image ID not found in database."],
  [`/images/${"x".repeat(10000)}`, 414, "too long"],
  ["/images/..%2F..%2Fetc%2Fpasswd", 404, ""],
  ["/images/../../etc/passwd", 404, ""],
  ["/images/%00", 404, ""],
  ["/images/%zz", 400, ""],
  ["/images/%c3%28", 400, ""],
  ["/images/urn%3A%27%20OR%201=1--", 404, ""],
  ["/images/a/b", 404, ""],
  ["/query", 200, ""],
  ["/query?maxrec=0", 200, ""],
  ["/query?maxrec=1001", 400, "maxrec"],
  ["/query?maxrec=-1", 400, "maxrec"],
  ["/query?maxrec=1.5", 400, "maxrec"],
  ["/query?maxrec=1e2", 200, ""],
  ["/query?offset=-1", 400, "offset"],
  ["/query?offset=99999999999999999999", 400, "offset"],
  [`/query?collection=${"a".repeat(5000)}`, 400, "collection"],
  ["/query?collection=", 200, ""],
  ["/query?collection=&facility=&pos=&radius=&time=&maxrec=&offset=&after=&response=", 200, ""],
  ["/query?maxrec=+5&OFFSET=+0", 200, ""],
  ["/query?MaxRec=1001", 400, "maxrec"],
  ["/query?POS=400,5", 400, "pos"],
  ["/query?FORMAT=gif", 400, "format"],
  ["/query/", 200, ""],
  ["/query/?maxrec=1001", 400, "maxrec"],
  ["/summary/", 200, ""],
  ["/health/", 200, ""],
  ["/openapi.json/", 200, ""],
  ["/query?facility=a&facility=b", 400, "facility"],
  ["/query?instrument=%00", 400, "instrument"],
  ["/query?collection=%27%3B%20DROP%20TABLE%20image%3B--", 200, ""],
  ["/summary", 200, ""],
  ["/health", 200, ""],
  ["/ready", 200, ""],
  ["/openapi.json", 200, ""],
  ["/nothing", 404, ""],
  ["/", 404, ""],
  ["/ui/../../../etc/passwd", 404, ""],
  ["/ui/%2e%2e/%2e%2e/package.json", 404, ""],
  ["/ui/static/..%2f..%2fpackage.json", 404, ""],
];

describe("odd and hostile requests, by the contract", () => {
  it.each(CASES)("the request %s receives %i, by the contract", async (url, status, says) => {
    const answer = await service.app.inject({ url });
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(status);
    if (status === 200) return;
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(answer.body).toContain(says);
    expect(answer.body).not.toMatch(/node_modules|\.ts\b|\/tmp|stack/);
    const problem = answer.json();
    expect(problem).toMatchObject({ type: "about:blank", status, job_id: answer.headers["x-job-id"] });
    expect(problem.code).toMatch(/^[A-Z_]+$/);
  });

  const METHODS = ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] as const;
  it.each(METHODS)("the method %s is refused with Allow, its body unread", async (method) => {
    const answer = await service.app.inject({
      method: method as "POST",
      url: image,
      headers: { "content-type": "text/odd" },
      ...(method !== "TRACE" && { payload: "x".repeat(100_000) }),
    });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it("other methods at unknown addresses receive 404", async () => {
    expect((await service.app.inject({ method: "POST", url: "/nothing" })).statusCode).toBe(404);
  });

  it("OPTIONS returns the allowed methods", async () => {
    const answer = await service.app.inject({ method: "OPTIONS", url: "/query" });
    expect([answer.statusCode, answer.headers.allow]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });
});
