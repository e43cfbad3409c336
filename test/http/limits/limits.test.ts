import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { SisError } from "../../../src/errors/sis-error.ts";
import { clientKey, parseAddress } from "../../../src/http/requests/client-address.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
let open: TestService | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function serve(options: Parameters<typeof testService>[0] = {}): Promise<TestService> {
  await open?.close();
  open = await testService(options);
  return open;
}

const from = (client: string, proxy = "127.0.0.1", url = "/query") => ({
  url,
  remoteAddress: proxy,
  headers: { "x-forwarded-for": client },
});

describe("the rate limit, as docs/operator.md describes it", () => {
  const limited = { SBNSIS_RATE_LIMIT: "1", SBNSIS_RATE_BURST: "3" };

  test("the rate limit is off by default", async () => {
    service = await serve();
    for (let i = 0; i < 100; i++) expect((await service.app.inject("/query?maxrec=0")).statusCode).toBe(200);
  });

  test("a burst is served, then 429 with Retry-After and a problem document; /health, /ready and /metrics stay exempt", async () => {
    service = await serve({ env: limited });
    for (let i = 0; i < 3; i++) expect((await service.app.inject("/query")).statusCode).toBe(200);
    const refused = await service.app.inject("/query");
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
    expect(refused.json()).toMatchObject({ code: "RATE_LIMITED", status: 429, per_minute: 1 });
    for (const url of ["/health", "/ready", "/metrics"]) {
      expect((await service.app.inject(url)).statusCode).toBe(200);
    }
  });

  test("clients are counted by the address of the connection; X-Forwarded-For counts only from a trusted proxy", async () => {
    service = await serve({ env: limited });
    for (let i = 0; i < 3; i++) await service.app.inject(from(`192.0.2.${i}`));
    expect((await service.app.inject(from("192.0.2.9"))).statusCode).toBe(429);
    service = await serve({ env: { ...limited, TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8" } });
    for (let i = 0; i < 3; i++) await service.app.inject(from("192.0.2.1", "10.1.2.3"));
    expect((await service.app.inject(from("192.0.2.1", "127.0.0.1"))).statusCode).toBe(429);
    expect((await service.app.inject(from("192.0.2.2", "127.0.0.1"))).statusCode).toBe(200);
    // without a proxy the header is the client's own invention
    for (let i = 0; i < 3; i++) await service.app.inject(from(`198.51.100.${i}`, "203.0.113.5"));
    expect((await service.app.inject(from("198.51.100.77", "203.0.113.5"))).statusCode).toBe(429);
  });

  test.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["0:0:0:0:0:FFFF:C000:0207", "192.0.2.7"],
    ["192.0.2.7:4711", "192.0.2.7"],
    ["[2001:DB8:0001::1]:4711", "2001:db8:1:0"],
    [" [2001:db8::1%eth0] ", "2001:db8:0:0"],
    ["2001:db8:1:2:3:4:192.0.2.7", "2001:db8:1:2"],
  ])("the client %s counts as %s, by RFC 4291 written out", (ip, key) => {
    expect(clientKey(parseAddress(ip)!)).toBe(key);
  });

  test.each([
    ["", "unknown", "_hidden", "localhost", "127.1", "0x7f000001", "010.0.0.1", "1.2.3.4.5", "1.2.3.4:"],
    ["192.0.2.7:123456", "[2001:db8::1", "2001:db8::1]:80", "::1::2", "-", "1.2.3.4 evil"],
    [`${"9".repeat(100)}`, `2001:db8::1%${"x".repeat(100)}`],
  ])("%s and the like are not addresses, by RFC 4291 and RFC 6890", (...written) => {
    for (const text of written) expect(parseAddress(text), text).toBeUndefined();
  });

  test("a client counts once however its proxy spells it; clients whose address is not forwarded count as one", async () => {
    service = await serve({ env: { ...limited, TRUSTED_PROXIES: "::ffff:127.0.0.1, 2001:db8:f::/48" } });
    for (const spelling of ["192.0.2.7", "192.0.2.7:1", "::ffff:192.0.2.7"]) {
      expect((await service.app.inject(from(spelling))).statusCode).toBe(200);
    }
    expect((await service.app.inject(from("::FFFF:C000:207", "2001:db8:f::1"))).statusCode).toBe(429);
    for (let i = 0; i < 3; i++) {
      expect((await service.app.inject(from(`name-${i}-${"x".repeat(5000)}`))).statusCode).toBe(200);
    }
    expect((await service.app.inject(from("unknown"))).statusCode).toBe(429);
    // a chain: the last address that is not trusted is the client
    expect((await service.app.inject(from("10.9.9.9, 192.0.2.7, 2001:db8:f::2"))).statusCode).toBe(429);
  });

  test.each(["not.an.address", "10.0.0.0/33", "::1/129", "10.0.0.0/8/8", "1.2.3"])(
    "TRUSTED_PROXIES=%s is refused at start",
    (written) => {
      expect(() => loadSettings("/nonexistent", { TRUSTED_PROXIES: written })).toThrow(/TRUSTED_PROXIES/);
    },
  );
});

describe("under overload", () => {
  test("a refusal under overload is 503 with Retry-After; one per second is logged, the others counted", async () => {
    service = await serve();
    for (let i = 0; i < 20; i++) {
      service.fail(new SisError("OVERLOADED", "64 products wait"));
      const answer = await service.app.inject(`/images/${KNOWN_ID}`);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("5");
    }
    expect(service.lines.filter((line) => line.startsWith("WARNING")).length).toBeLessThan(20);
    const metrics = (await service.app.inject("/metrics")).body;
    expect(metrics).toContain('sbnsis_shed_total{reason="queue"} 20\n');
  });
});

describe("a client that takes nothing", () => {
  test("a client that reads nothing is disconnected after SBNSIS_STALL_SECONDS, and the file is closed", async () => {
    service = await serve({ env: { SBNSIS_STALL_SECONDS: "1" }, bytes: Buffer.alloc(64e6) });
    const address = new URL(await service.app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(address.port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.pause();
    socket.write(`GET /images/${KNOWN_ID} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const aborted = async () =>
      (await service.app.inject("/metrics")).body.includes("http_aborted_total 1\n");
    while (!(await aborted())) await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    expect((await fetch(new URL("/health", address))).status).toBe(200);
  });
});

describe("headers for browsers, by the OWASP list of secure headers", () => {
  test("responses run no scripts, Swagger UI only the service's own (OWASP list of secure headers)", async () => {
    service = await serve();
    const label = await service.app.inject(`/images/${KNOWN_ID}?format=label`);
    expect(label.headers).toMatchObject({
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    const page = await service.app.inject("/ui/");
    expect(page.statusCode).toBe(200);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).not.toContain("sandbox");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  test("no secret of the configuration is in the OpenAPI document or the pages", async () => {
    const secrets = {
      DB_PASSWORD: "secret-1",
      SBNSIS_S3_SECRET_ACCESS_KEY: "secret-2",
      SBNSIS_S3_SESSION_TOKEN: "secret-3",
    };
    service = await serve({ env: secrets });
    for (const url of ["/openapi.json", "/ui/", "/metrics", "/ready", "/query?maxrec=0", "/nowhere"]) {
      const answer = await service.app.inject(url);
      expect(`${JSON.stringify(answer.headers)}${answer.body}`).not.toMatch(/secret-\d/);
    }
  });
});
