import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { readBuiltPage } from "../../../src/http/page/built-page.ts";
import { makeAhead } from "../../../src/http/page/documents/made-ahead.ts";
import { builtPage } from "../../support/page/page.ts";
import {
  KNOWN_ID,
  memoryCatalog,
  RECORD,
  type TestService,
  testService,
} from "../../support/test-service.ts";

const HTML = { accept: "text/html" };

describe("the page below a prefix", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService({
      page: await builtPage(),
      env: { BASE_HREF: "/api", SBNSIS_CATCH_URL: "https://catch.example.org/api/" },
    });
  });
  afterAll(() => service.close());
  const get = (path: string, headers: Record<string, string> = {}) =>
    service.app.inject({ url: `/api${path}`, headers });
  /** Addresses that a document names, resolved as a browser does. */
  const addressesIn = (text: string, path: string) =>
    [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, to = ""]) => {
      const url = new URL(to.replaceAll("&amp;", "&"), `http://host/api${path}`);
      return `${url.pathname}${url.search}`;
    });

  it.each(["/", "/view/", "/view", "/view/set", "/view/cut", `/view/image/${KNOWN_ID}`])(
    "every address in the document of %s belongs to this service and exists (oracle: WHATWG URL)",
    async (path) => {
      const { statusCode, headers, body } = await get(path, HTML);
      expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
      const found = new Set(addressesIn(body, path));
      expect(found.size).toBeGreaterThan(5);
      for (const address of found) {
        expect(address).toMatch(/^\/api\//);
        // the pages of Swagger UI and of the guide have their own tests
        if (/^\/api\/(?:ui|guide)\//.test(address)) continue;
        // the catalog of this test has no search
        if (address.startsWith("/api/view/?collection=")) continue;
        // the service of this test makes no tiles; page-look.interop.test.ts loads them
        if (/^\/api\/images\/[^/]+\/tiles$/.test(address)) continue;
        expect([address, (await service.app.inject({ url: address })).statusCode]).toEqual([address, 200]);
      }
    },
  );

  it("the content security policy of pages and their scripts allows the service itself, WebAssembly, and CATCH (CSP 3)", async () => {
    const [page, script] = await Promise.all([
      get("/view/"),
      get(`/view/assets/${(await builtPage()).main}`),
    ]);
    expect(page.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self' https://catch.example.org; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    );
    // a worker is bound by the policy of its own response (CSP 3, 4.2.3)
    expect(script.headers["content-security-policy"]).toBe(page.headers["content-security-policy"]);
  });

  it("scripts and styles are immutable, and decompress to the bytes sent without a coding (oracle: zlib)", async () => {
    const { assets } = await builtPage();
    expect(assets.size).toBeGreaterThan(5);
    for (const [name, { coded }] of assets) {
      if (coded === undefined) continue;
      const path = `/view/assets/${name}`;
      const plain = await get(path);
      const gzip = await get(path, { "accept-encoding": "gzip" });
      const brotli = await get(path, { "accept-encoding": "gzip, br" });
      expect(plain.headers).toMatchObject({
        "cache-control": "public, max-age=31536000, immutable",
        vary: "Accept-Encoding",
      });
      expect([gzip.headers["content-encoding"], brotli.headers["content-encoding"]]).toEqual(["gzip", "br"]);
      expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
      expect(brotliDecompressSync(brotli.rawPayload).equals(plain.rawPayload)).toBe(true);
    }
  });

  it("a page that the browser has cached is not sent again (RFC 9110, 13.1.2)", async () => {
    const first = await get("/view/set");
    const again = await get("/view/set", { "if-none-match": String(first.headers.etag) });
    expect([first.statusCode, again.statusCode, again.body]).toEqual([200, 304, ""]);
  });

  it.each([
    ["174.62244 17.97594", "../api/view/?pos=174.62244%2C17.97594&radius=5arcmin&order=distance"],
    ["11:38:29.4 +17:58:33", "pos=174.6225%2C17.9758333"],
    ["11 38 29.4 +17 58 33", "pos=174.6225%2C17.9758333"],
    ["11h38m29.4s −17°58′33″", "pos=174.6225%2C-17.9758333"],
    ["11h 38m 29.4s, -17d 58m 33s", "pos=174.6225%2C-17.9758333"],
    ["2019-07-14", "view/?time=2019-07-14"],
    ["65P", "view/?target=65P"],
    ["urn:nasa:pds:a:b:*", "obs_id=urn%3Anasa%3Apds%3Aa%3Ab%3A*"],
    [KNOWN_ID, `view/image/${encodeURIComponent(KNOWN_ID)}`],
    ["0123456789abcdef0123456789ABCDEF", "view/set?catch=0123456789abcdef0123456789abcdef"],
    [
      "https://catch.example.org/caught/01234567-89ab-cdef-0123-456789abcdef?x=1",
      "catch=01234567-89ab-cdef-0123-456789abcdef",
    ],
  ])("the search box leads from %j to the right page", async (q, expected) => {
    const { statusCode, headers } = await get(`/view/?${new URLSearchParams({ q })}`);
    expect(statusCode).toBe(302);
    const location = new URL(String(headers.location), "http://host/api/view/");
    expect(location.pathname).toMatch(/^\/api\/view\//);
    expect(location.href).toContain(expected.replace("../api/", ""));
  });

  it("the service begins to make the first picture with its document (oracle: the request for the picture)", async () => {
    const before = service.requests.length;
    const { body } = await get(`/view/image/${KNOWN_ID}`, HTML);
    const begun = service.requests.slice(before);
    expect(begun).toHaveLength(1);
    const [, src = ""] = /<img class="first" src="([^"]+)"/.exec(body) ?? [];
    const picture = new URL(src.replaceAll("&amp;", "&"), `http://host/api/view/image/${KNOWN_ID}`);
    await service.app.inject({ url: `${picture.pathname}${picture.search}` });
    expect(service.requests.slice(before)).toEqual([begun[0], begun[0]]);
  });

  it("a first picture that cannot be made leaves its document as it is", async () => {
    service.fail(new Error("the disk has failed"));
    expect((await get(`/view/image/${KNOWN_ID}`, HTML)).statusCode).toBe(200);
    const before = service.requests.length;
    makeAhead(service.products, `images/${KNOWN_ID}?format=jpeg&ra=1&dec=1&size=1furlong`);
    expect(service.requests).toHaveLength(before);
  });

  it("the response for an unknown image is a page for browsers and a problem document for programs", async () => {
    const page = await get("/view/image/urn:none", HTML);
    const problem = await get("/view/image/urn:none");
    expect([page.statusCode, page.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    expect(page.body).toContain("Image ID not found in database.");
    expect([problem.statusCode, problem.json().code]).toEqual([404, "IMAGE_NOT_FOUND"]);
  });

  it("the address without its slash redirects to the start page, relative to any proxy's prefix", async () => {
    const { statusCode, headers } = await get("");
    expect([statusCode, headers.location]).toEqual([308, "api/"]);
  });

  it("robots.txt keeps crawlers from the archive (RFC 9309)", async () => {
    const { body } = await get("/robots.txt");
    expect(body).toContain("Disallow: /api/batch\n");
    expect(body).toContain("Allow: /api/\n");
    // an address without a format leads to the file
    expect(body).toContain("Disallow: /api/images/\n");
    expect(body).toContain("Allow: /api/images/*format=jpeg\n");
  });
});

it("text from a label cannot end the data of a page or add elements to it", async () => {
  const wicked = "</script><script>alert(1)</script>\"'><img src=x>";
  const catalog = memoryCatalog([{ ...RECORD, facility: wicked }]);
  const service = await testService({ page: await builtPage(), catalog });
  for (const url of ["/", "/view/", `/view/image/${KNOWN_ID}`]) {
    const { statusCode, body } = await service.app.inject({ url });
    expect(statusCode).toBe(200);
    expect(body).not.toContain("<script>alert");
    expect(body).not.toContain("<img src=x>");
    expect(body).toMatch(/alert\(1\)/);
  }
  await service.close();
});

it("without the page (SBNSIS_PAGE=FALSE) its addresses do not exist", async () => {
  expect(loadSettings("/nowhere", { SBNSIS_PAGE: "FALSE" }).page.enabled).toBe(false);
  const service = await testService();
  for (const url of ["/", "/view/", "/favicon.ico", "/robots.txt"]) {
    expect([url, (await service.app.inject({ url })).statusCode]).toEqual([url, 404]);
  }
  await service.close();
});

it("a service whose page was not built does not start, and says how to fix it", () => {
  expect(() => readBuiltPage("/nowhere/")).toThrow(/run npm run build, or set SBNSIS_PAGE=FALSE/);
});
