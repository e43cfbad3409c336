import { afterEach, describe, expect, it } from "vitest";
import { KNOWN_ID, memoryCatalog, RECORD, type TestService, testService } from "../support/test-service.ts";

let service: TestService;
afterEach(() => service.close());

describe("/query, by the contract", () => {
  it("/query returns the fields of a row in the order of the contract", async () => {
    service = await testService();
    const answer = await service.app.inject({
      url: "/query?collection=urn:nasa:pds:test.survey:data&format=jpg",
    });
    expect(answer.body).toBe(
      JSON.stringify({
        total: 1,
        offset: 0,
        count: 1,
        results: [
          {
            obs_id: KNOWN_ID,
            collection: RECORD.collection,
            facility: "Test Observatory",
            instrument: "Test Camera",
            dptype: "image",
            calibration_level: 2,
            target: null,
            pixel_scale: 0.0004,
            access_url: `http://127.0.0.1:5000/images/${encodeURIComponent(KNOWN_ID)}?format=jpeg`,
          },
        ],
      }),
    );
  });

  it("/query returns the pages requested by limit and offset", async () => {
    const records = Array.from({ length: 150 }, (_, i) => ({ ...RECORD, obsId: `urn:${i}` }));
    service = await testService({ catalog: memoryCatalog(records) });
    const page = async (query: string) => (await service.app.inject({ url: `/query${query}` })).json();
    expect(await page("")).toMatchObject({ total: 150, offset: 0, count: 100 });
    expect(await page("?offset=140")).toMatchObject({ total: 150, offset: 140, count: 10 });
    expect(await page("?maxrec=0")).toEqual({ total: 150, offset: 0, count: 0, results: [] });
    expect(await page("?facility=elsewhere")).toEqual({ total: 0, offset: 0, count: 0, results: [] });
  });

  const BASES: readonly (readonly [Record<string, string>, string, string])[] = [
    [
      { IS_PRODUCTION: "TRUE", PUBLIC_URL: "https://sis.example/api/", BASE_HREF: "/x" },
      "/x",
      "https://sis.example/api/images/",
    ],
    [{ API_PORT: "6000", BASE_HREF: "x/y/" }, "/x/y", "http://127.0.0.1:6000/x/y/images/"],
    [{ API_HOST: "::1" }, "", "http://[::1]:5000/images/"],
  ];
  it.each(BASES)(
    "with the settings %j and routes below %j, /query links to %s",
    async (env, prefix, base) => {
      service = await testService({ env });
      const answer = await service.app.inject({ url: `${prefix}/query` });
      expect(answer.json().results[0].access_url).toBe(`${base}${encodeURIComponent(KNOWN_ID)}?format=fits`);
    },
  );
});

describe("/summary, by the contract", () => {
  it("/summary has one row per combination", async () => {
    service = await testService();
    const answer = await service.app.inject({ url: "/summary" });
    const { collection, facility, instrument } = RECORD;
    expect(answer.body).toBe(JSON.stringify([{ collection, facility, instrument, count: 1 }]));
  });
});

describe("pages of other origins", () => {
  it("a page of another origin may send any request and read the headers it needs", async () => {
    service = await testService();
    const answer = await service.app.inject({ url: "/summary", headers: { origin: "https://page.example" } });
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["access-control-expose-headers"]).toMatch(
      /Content-Disposition.*Content-Length.*ETag.*Accept-Ranges.*x-job-id/,
    );
  });

  it("a preflight request of another origin succeeds", async () => {
    service = await testService();
    const answer = await service.app.inject({
      method: "OPTIONS",
      url: `/images/${KNOWN_ID}`,
      headers: {
        origin: "https://page.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "range",
      },
    });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["access-control-allow-headers"]).toMatch(/range/i);
    expect(answer.headers["access-control-allow-methods"]).toBe("GET, HEAD, POST, DELETE, OPTIONS");
  });

  it("a page of another origin can read errors, including those of the router", async () => {
    service = await testService();
    for (const url of ["/images/x", "/images/%zz", `/images/${"x".repeat(5000)}`, "/nothing"]) {
      const answer = await service.app.inject({ url, headers: { origin: "https://page.example" } });
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
    }
  });
});

describe("Swagger UI", () => {
  it("Swagger UI is at ui/ below the prefix, next to the document", async () => {
    service = await testService({ env: { BASE_HREF: "/api" } });
    const get = (url: string) => service.app.inject({ url });
    const moved = await get("/api/ui");
    expect([moved.statusCode, moved.headers.location]).toEqual([308, "ui/"]);
    const page = await get("/api/ui/");
    expect([page.statusCode, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers["content-security-policy"]).toMatch(/frame-ancestors 'self'/);
    for (const [, link] of page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
      expect([link, (await get(`/api/ui/${link}`)).statusCode]).toEqual([link, 200]);
    }
    const document = (await get("/api/openapi.json")).json();
    expect(Object.keys(document.paths).sort()).toEqual(["/colour", "/images/{id}", "/query", "/summary"]);
    expect(document.servers).toEqual([{ url: "./" }]);
    expect((await get("/summary")).statusCode).toBe(404);
  });
});
