import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import type { MadeCatalog } from "../../support/catalog/made-catalog.ts";
import { awayCatalog, voCatalog } from "../../support/catalog/vo-catalog.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

const VOTABLE = "application/x-votable+xml";
const TEXT = "text/plain; charset=utf-8";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

let made: MadeCatalog;
let service: TestService;
beforeAll(async () => {
  made = await voCatalog();
  service = await testService({ catalog: made.catalog, env: { BASE_HREF: "/api" } });
});
afterAll(async () => {
  await service.close();
  await made.close();
});

describe("errors below /vo are no problem documents, whoever makes them (contract V5)", () => {
  it.each([
    ...["/vo", "/vo/nothing", "/vo/tables", "/vo/sia2/capabilities", "/vo/sync/capabilities"],
    ...["/vo//capabilities", "/vo/async/nope", "/vo/links/x"],
  ])("%s below /vo does not exist: 404, as pyvo needs it (contract V13)", async (path) => {
    const { statusCode, headers, body } = await service.app.inject({ url: `/api${path}` });
    expect([statusCode, headers["content-type"]]).toEqual([404, TEXT]);
    expect(body).toMatch(/^UsageError: /);
  });

  it.each([
    ["PUT", "/vo/sia2", VOTABLE, "GET, HEAD, POST, OPTIONS"],
    ["DELETE", "/vo/sync", TEXT, "GET, HEAD, POST, OPTIONS"],
    ["PATCH", "/vo/async/x", TEXT, "GET, HEAD, POST, DELETE, OPTIONS"],
    ["POST", "/vo/capabilities", TEXT, "GET, HEAD, OPTIONS"],
  ] as const)("%s %s is not allowed: 405 with Allow (contract V1)", async (method, path, type, allow) => {
    const { statusCode, headers } = await service.app.inject({ method, url: `/api${path}` });
    expect([statusCode, headers["content-type"], headers.allow]).toEqual([405, type, allow]);
  });

  it("/vo refuses a body of more than 4 MiB with 413, and no smaller one (contract V4)", async () => {
    const post = (path: string, bytes: number) =>
      service.app.inject({
        method: "POST",
        url: `/api${path}`,
        headers: FORM,
        payload: `X=${"x".repeat(bytes)}`,
      });
    const large = await post("/vo/links", 4_194_304);
    expect([large.statusCode, large.headers["content-type"]]).toEqual([413, VOTABLE]);
    expect(large.body).toContain("UsageFault: ");
    expect((await post("/vo/links", 4_194_000)).statusCode).toBe(200);
    expect((await post("/vo/async", 4_194_304)).headers["content-type"]).toBe(TEXT);
  });

  it("/vo refuses a body that is not a form, or contains a file, with 400", async () => {
    const json = await service.app.inject({ method: "POST", url: "/api/vo/sia2", payload: { POS: "x" } });
    expect([json.statusCode, json.body.includes("UsageFault: The body must be a form")]).toEqual([400, true]);
    const file = await service.app.inject({
      method: "POST",
      url: "/api/vo/sync",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      payload: '--b\r\nContent-Disposition: form-data; name="UPLOAD"; filename="a.vot"\r\n\r\nx\r\n--b--\r\n',
    });
    expect([file.statusCode, file.body]).toEqual([
      400,
      "UsageError: The field UPLOAD of the form is a file; allowed: values.\n",
    ]);
  });

  it("a client of /vo over the rate limit receives 429 with Retry-After", async () => {
    const limited = await testService({
      catalog: made.catalog,
      env: { SBNSIS_RATE_LIMIT: "1", SBNSIS_RATE_BURST: "1" },
    });
    await limited.app.inject({ url: "/vo/capabilities" });
    const sia = await limited.app.inject({ url: "/vo/sia2" });
    const sync = await limited.app.inject({ url: "/vo/sync" });
    await limited.close();
    expect([sia.statusCode, sia.headers["content-type"]]).toEqual([429, VOTABLE]);
    expect(sia.body).toContain("TransientFault: Too many requests");
    expect([sync.headers["content-type"], sync.body.startsWith("ServiceUnavailable: ")]).toEqual([
      TEXT,
      true,
    ]);
    expect(Number(sync.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("an unreachable database is 503 below /vo, with Retry-After and without the address (contract S10, L5, C6)", async () => {
    const away = await testService({ catalog: awayCatalog(made.catalog) });
    for (const [path, type, code] of [
      ["/vo/sia2", VOTABLE, "TransientFault: The database"],
      [`/vo/links?ID=${KNOWN_ID}`, VOTABLE, "TransientFault: The database"],
      [`/vo/sync?ID=${KNOWN_ID}`, TEXT, "ServiceUnavailable: The database"],
      ["/vo/examples", TEXT, "ServiceUnavailable: The database"],
      // a service without jobs
      ["/vo/async", TEXT, "ServiceUnavailable: The database of jobs"],
    ] as const) {
      const { statusCode, headers, body } = await away.app.inject({ url: path });
      expect([path, statusCode, headers["content-type"], headers["retry-after"]]).toEqual([
        path,
        503,
        type,
        "5",
      ]);
      expect(body).toContain(code);
      expect(body).not.toContain("10.0.0.1");
    }
    const { statusCode, body } = await away.app.inject({ url: "/vo/availability" });
    await away.close();
    expect(statusCode).toBe(200);
    expect(body).toContain("<vosi:available>false</vosi:available>");
    expect(body).toContain("<vosi:note>Jobs at /async");
  });

  it("an unusable database of jobs is 503 at /vo/async, and a note in the availability; the rest works (contract U11, V11)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sis-vo-"));
    const jobs = openJobs({ database: folder });
    const without = await testService({ catalog: made.catalog, jobs });
    const refused = await without.app.inject({
      method: "POST",
      url: "/vo/async",
      headers: FORM,
      payload: "ID=a",
    });
    const { body } = await without.app.inject({ url: "/vo/availability" });
    const { statusCode } = await without.app.inject({ url: "/vo/sia2" });
    await without.close();
    await jobs.close();
    rmSync(folder, { recursive: true });
    expect([refused.statusCode, refused.body.startsWith("ServiceUnavailable: ")]).toEqual([503, true]);
    expect([body.includes("<vosi:note>Jobs at /async"), statusCode]).toEqual([true, 200]);
  });

  it("headers of more than 16 KiB below /vo are refused with 431 and text, before there is a request (contract V4)", async () => {
    await service.app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = service.app.server.address() as { readonly port: number };
    const ask = (target: string) => {
      const socket = connect(port, "127.0.0.1");
      socket.end(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
      return text(socket);
    };
    expect(await ask(`/api/vo/sync?ID=${"x".repeat(17_000)}`)).toMatch(
      /^HTTP\/1\.1 431 .*text\/plain.*\r\n\r\nUsageError: /s,
    );
    expect(await ask(`/api/vo/links?ID=${"x".repeat(17_000)}`)).toMatch(
      /^HTTP\/1\.1 431 .*x-votable\+xml.*UsageFault: /s,
    );
    expect(await ask(`/api/images/x?y=${"x".repeat(17_000)}`)).toMatch(/^HTTP\/1\.1 400 .*problem\+json/s);
  });

  it("errors, responses and redirects of /vo can be read by pages of other origins (contract V7)", async () => {
    const origin = { origin: "https://example.org" };
    for (const url of ["/api/vo/sia2?MAXREC=x", "/api/vo/nothing", "/api/vo/capabilities"]) {
      const { headers } = await service.app.inject({ url, headers: origin });
      expect([headers["access-control-allow-origin"], headers["access-control-expose-headers"]]).toEqual([
        "*",
        expect.stringContaining("Location"),
      ]);
    }
    const { headers } = await service.app.inject({
      method: "OPTIONS",
      url: "/api/vo/async/x",
      headers: { ...origin, "access-control-request-method": "DELETE" },
    });
    expect(headers["access-control-allow-methods"]).toBe("GET, HEAD, POST, DELETE, OPTIONS");
  });
});

describe("/vo/capabilities and /vo/examples", () => {
  it("/vo/capabilities lists the standards with their addresses below the public base (contract V9, V10)", async () => {
    const { headers, body } = await service.app.inject({
      url: "/api/vo/capabilities",
      headers: { host: "evil.example" },
    });
    expect(headers["content-type"]).toBe("text/xml");
    const found = [
      ...body.matchAll(/standardID="ivo:\/\/ivoa\.net\/std\/([^"]+)".*?<accessURL use="(\w+)">([^<]+)</gs),
    ];
    const base = "http://127.0.0.1:5000/api/vo";
    expect(found.map(([, standard, use, url]) => [standard, use, url])).toEqual([
      ["VOSI#capabilities", "full", `${base}/capabilities`],
      ["VOSI#availability", "full", `${base}/availability`],
      ["DALI#examples", "full", `${base}/examples`],
      ["SIA#query-2.0", "base", `${base}/sia2`],
      ["DataLink#links-1.1", "base", `${base}/links`],
      ["SODA#sync-1.0", "base", `${base}/sync`],
      ["SODA#async-1.0", "base", `${base}/async`],
    ]);
    expect([...body.matchAll(/role="std"/g)]).toHaveLength(4);
  });

  it("/vo/examples has examples that work, made from an image of the catalog (DALI 1.1, 2.3; contract V12)", async () => {
    const { headers, body } = await service.app.inject({ url: "/api/vo/examples" });
    expect(headers["content-type"]).toBe("application/xhtml+xml");
    const pairs = [...body.matchAll(/property="key">([^<]+)<.*?property="value">([^<]+)</g)];
    const query = new URLSearchParams(
      pairs.slice(0, 3).map(([, key, value]): [string, string] => [key!, value!]),
    );
    expect([...query.keys()]).toEqual(["POS", "COLLECTION", "MAXREC"]);
    const found = await service.app.inject({ url: `/api/vo/sia2?${query}` });
    expect(found.body).toContain(KNOWN_ID);
  });
});
