import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/catalog/open-catalog.ts";
import { type MadeCatalog, madeCatalog, madeImage } from "../../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../../support/catalog/test-database.ts";
import { squareFrame } from "../../support/inputs/sky-frames.ts";
import { type TestService, testService } from "../../support/test-service.ts";

const day = (text: string) => Date.parse(text) / 86_400_000 + 40_587;
const exposed = (start: string, stop: string) => ({
  startTime: start,
  stopTime: stop,
  startMjd: day(start),
  stopMjd: day(stop),
});

const images = [
  madeImage("one", {
    record: { target: "Vesta", pixelScale: 0.0005, facility: 'A "quoted", name' },
    detail: {
      ...exposed("2021-04-01T05:00:00Z", "2021-04-01T05:00:30Z"),
      exposure: 30,
      filter: "o",
      corners: squareFrame([10, 20], 0.5, 0),
    },
  }),
  madeImage("two", {
    record: { target: "Ceres & <co>", pixelScale: 0.0001 },
    detail: {
      ...exposed("2021-06-30T23:59:59Z", "2021-07-01T00:00:29Z"),
      filter: "c",
      corners: squareFrame([10.9, 20], 0.5, 0),
    },
  }),
  madeImage("three", { record: { collection: "urn:nasa:pds:made:other" } }),
];
const EXISTING = {
  ...madeImage("four").record,
  imageUrl: null,
  labelUrl: null,
  calibrationLevel: null,
  target: "Vesta",
};

let made: MadeCatalog;
let service: TestService;
beforeAll(async () => {
  made = await madeCatalog(images, [EXISTING]);
  service = await testService({ catalog: made.catalog });
});
afterAll(async () => {
  await service.close();
  await made.close();
});

const get = (query: string) => service.app.inject({ url: `/query?${query}` });
const names = async (query: string): Promise<string[]> => {
  const answer = await get(query);
  expect([query, answer.statusCode]).toEqual([query, 200]);
  return answer.json().results.map((row: { obs_id: string }) => row.obs_id.split(":").at(-1));
};

describe("the parameters of a search", () => {
  const FOUND: readonly (readonly [string, readonly string[]])[] = [
    ["pos=10,20", ["one"]],
    ["pos=10.0,%2B20.4999", ["one"]],
    ["pos=10.0,%2B20.5001", []],
    ["pos=10.45,20&radius=0.1deg", ["one", "two"]],
    ["pos=10,20.6&radius=359arcsec", []],
    ["pos=10,20.6&radius=6.1arcmin", ["one"]],
    ["pos=10.45,20&target=Vesta", ["one"]],
    ["pos=10.45,20&order=distance", ["one", "two"]],
    ["pos=10.47,20&order=distance", ["two", "one"]],
    ["time=2021-04-01", ["one"]],
    ["time=2021-04", ["one"]],
    ["time=2021", ["one", "two"]],
    ["time=2021-091", ["one"]],
    ["time=2021-04-01T05:00:30Z/2021-06-30T23:59:58", ["one"]],
    ["time=2021-04-01T05:00:31/2021-06-30", ["two"]],
    ["time=2021-07-01/..", ["two"]],
    ["time=/2021-06-29", ["one"]],
    ["time=../..", ["one", "two"]],
    ["time=59305/59306", ["one"]],
    ["time=59305.20834/59395.5", ["one"]],
    ["time=59305.3/59395.5", []],
    ["target=Vesta", ["one", "four"]],
    ["TARGET=Vesta&pos=&obs_id=&time=", ["one", "four"]],
    ["POS=10.45,20&Target=Vesta", ["one"]],
    ["pos=+10.45,+20+&target=Vesta", ["one"]],
    ["target=vesta", []],
    ["filter=c", ["two"]],
    ["order=time", ["one", "two", "three", "four"]],
    ["order=time&maxrec=2&offset=1", ["two", "three"]],
    ["order=time&maxrec=2&offset=3", ["four"]],
    ["target=Vesta&order=time&offset=1", ["four"]],
    ["obs_id=urn:nasa:pds:made:data:one", ["one"]],
    ["obs_id=urn:nasa:pds:made:data:t*", ["two"]],
    ["obs_id=urn:nasa:pds:made:data:tw_", []],
    ["obs_id=*", ["one", "two", "three", "four"]],
    ["obs_id=urn*&collection=urn:nasa:pds:made:other", ["three"]],
    ["after=0&collection=urn:nasa:pds:made:data", ["one", "two", "four"]],
    ["after=1", ["two", "three", "four"]],
    ["response=json&maxrec=0", []],
  ];
  it.each(FOUND)("the search %s finds %j", async (query, found) => {
    expect(await names(query)).toEqual(found);
  });

  const REFUSED: readonly (readonly [string, string, RegExp])[] = [
    ["pos=10", "pos", /RA,DEC/],
    ["pos=10,20,30", "pos", /RA,DEC/],
    ["pos=360.1,20", "pos", /RA,DEC/],
    ["pos=10,-90.01", "pos", /RA,DEC/],
    ["pos=NaN,20", "pos", /RA,DEC/],
    ["pos=10,1e400", "pos", /RA,DEC/],
    ["pos=0x10,2", "pos", /RA,DEC/],
    ["pos=1,2&pos=3,4", "pos", /one value/],
    ["pos=1,2&radius=1", "radius", /arcsec, arcmin, deg/],
    ["pos=1,2&radius=-1deg", "radius", /arcsec, arcmin, deg/],
    ["pos=1,2&radius=10.1deg", "radius", /at most 10 deg/],
    ["pos=1,2&radius=36001arcsec", "radius", /at most 10 deg/],
    ["radius=1deg", "radius", /together with pos/],
    ["time=yesterday", "time", /START\/STOP/],
    ["time=2021-02-30/2021-03-01", "time", /START\/STOP/],
    ["time=2021-03-02/2021-03-01", "time", /START\/STOP/],
    ["time=1/2/3", "time", /START\/STOP/],
    ["time=..", "time", /START\/STOP/],
    ["time=59000/NaN", "time", /START\/STOP/],
    ["time=2021&time=2022", "time", /one value/],
    [`target=${"x".repeat(513)}`, "target", /512/],
    ["filter=a&filter=b", "filter", /one value/],
    ["obs_id=urn:*:x", "obs_id", /beginning and \*/],
    ["order=size", "order", /id, time, distance/],
    ["order=distance", "order", /only with pos/],
    ["after=x", "after", /next/],
    ["after=-1", "after", /next/],
    ["after=5_3", "after", /next/],
    ["after=5&order=time", "after", /next/],
    ["after=1&offset=2", "offset", /0 together with after/],
    ["response=xml", "response", /json, csv, votable/],
    ["response=csv&maxrec=1001", "maxrec", /from 0 to 1000/],
  ];
  it.each(REFUSED)(
    "the search %s is refused with the parameter's name and what is allowed",
    async (query, parameter, allowed) => {
      const answer = await get(query);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
      const problem = answer.json();
      expect(problem).toMatchObject({ code: "INVALID_PARAMETER", parameter });
      expect(problem.allowed).toMatch(allowed);
      expect(problem.detail).toContain(parameter);
      expect(problem.detail).toContain(problem.allowed);
    },
  );
});

describe("an answer", () => {
  const plain = (n: string) => ({
    obs_id: `urn:nasa:pds:made:data:${n}`,
    collection: "urn:nasa:pds:made:data",
    facility: "Scope",
    instrument: "Camera",
    dptype: "image",
    calibration_level: 2,
    target: null,
    pixel_scale: null,
    access_url: `http://127.0.0.1:5000/images/urn%3Anasa%3Apds%3Amade%3Adata%3A${n}?format=fits`,
  });

  it("a search with the existing service's parameters returns the bytes of the contract", async () => {
    const one = { ...plain("one"), facility: 'A "quoted", name', target: "Vesta", pixel_scale: 0.0005 };
    const answer = await get("maxrec=1&unknown=1");
    expect(answer.body).toBe(JSON.stringify({ total: 4, offset: 0, count: 1, results: [one] }));
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers).not.toHaveProperty("link");
    expect(answer.headers).not.toHaveProperty("x-total-count");
  });

  it("other searches also return start, stop, exposure, filter, corners, middle and center, null where there is no value", async () => {
    const answer = await get("response=json&maxrec=1");
    expect(answer.json()).toEqual({
      total: 4,
      offset: 0,
      count: 1,
      next: "1",
      results: [
        {
          ...plain("one"),
          facility: 'A "quoted", name',
          target: "Vesta",
          pixel_scale: 0.0005,
          start: "2021-04-01T05:00:00Z",
          stop: "2021-04-01T05:00:30Z",
          exposure: 30,
          filter: "o",
          corners: images[0]!.detail.corners,
          mid_mjd: expect.closeTo(59305.2085069, 6),
          center_ra: expect.closeTo(10, 9),
          center_dec: expect.closeTo(20, 9),
        },
      ],
    });
    const existing = (await get("obs_id=urn:nasa:pds:made:data:four")).json();
    const nothing = { start: null, stop: null, exposure: null, filter: null, corners: null };
    const derived = { mid_mjd: null, center_ra: null, center_dec: null };
    expect(existing.results).toEqual([
      { ...plain("four"), calibration_level: null, target: "Vesta", ...nothing, ...derived },
    ]);
    expect(existing.next).toBeNull();
  });

  it("a search by position links to a cutout as wide as the circle, and to none that may miss the image", async () => {
    const rows = async (query: string) => (await get(query)).json().results;
    const [one] = await rows("pos=10,20");
    const url = "http://127.0.0.1:5000/images/urn%3Anasa%3Apds%3Amade%3Adata%3Aone";
    expect(one.cutout_url).toBe(`${url}?format=fits&ra=10&dec=20&size=5arcmin`);
    expect(one.preview_url).toBe(`${url}?format=jpeg&ra=10&dec=20&size=5arcmin&align=true`);
    const near = await rows("pos=10.45,20&radius=72arcsec&format=jpeg");
    expect(near[1].cutout_url).toMatch(/\?format=fits&ra=10\.45&dec=20&size=2\.4arcmin$/);
    // 1024 pixels of 0.0001 degree are less than 0.4 degree: only an image that contains the
    // position itself is sure to overlap the cutout
    const wide = await rows("pos=11,20.6&radius=0.2deg");
    expect(wide).toMatchObject([{ cutout_url: null, preview_url: null }]);
    const [, largest] = await rows("pos=10.45,20&radius=0.2deg");
    const side = Number(/size=([\d.]+)arcmin/.exec(largest.cutout_url)?.[1]);
    expect(side).toBeGreaterThan(5.9);
    expect(side).toBeLessThan(1024 * 0.0001 * 60);
    const asked = await service.app.inject({ url: new URL(one.preview_url).href });
    expect(asked.json().code).toBe("IMAGE_NOT_FOUND");
    expect(service.requests.at(-1)).toMatchObject({ cutout: { ra: 10, dec: 20 }, align: true });
  });

  it("a CSV response has a header and a line for each row (RFC 4180)", async () => {
    const answer = await get("response=csv&target=Vesta&pos=10,20");
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    const corners = images[0]!.detail.corners!.flat().join(" ");
    const [row] = (await get("target=Vesta&pos=10,20")).json().results;
    const derived = [row.mid_mjd, row.center_ra, row.center_dec, row.distance];
    expect(derived.map((value) => Number(value.toFixed(6)))).toEqual([59305.208507, 10, 20, 0]);
    const base = "http://127.0.0.1:5000/images/urn%3Anasa%3Apds%3Amade%3Adata%3Aone";
    expect(answer.body).toBe(
      "obs_id,collection,facility,instrument,dptype,calibration_level,target,pixel_scale,access_url,start,stop,exposure,filter,corners,mid_mjd,center_ra,center_dec,distance,cutout_url,preview_url\r\n" +
        `urn:nasa:pds:made:data:one,urn:nasa:pds:made:data,"A ""quoted"", name",Camera,image,2,Vesta,0.0005,${base}?format=fits,` +
        `2021-04-01T05:00:00Z,2021-04-01T05:00:30Z,30,o,${corners},${derived.join()},` +
        `${base}?format=fits&ra=10&dec=20&size=5arcmin,${base}?format=jpeg&ra=10&dec=20&size=5arcmin&align=true\r\n`,
    );
    expect((await get("response=csv&maxrec=0&target=none")).body.split("\r\n")).toHaveLength(2);
  });

  it("the Link of the next page keeps all parameters, also after a second ? and in any case (URL standard)", async () => {
    const page = await get("Order=time&MAXREC=1&OFFSET=0&x=a?b&y=%3F&After=0");
    const link = /^<\?([^>]+)>; rel="next"$/.exec(String(page.headers.link))?.[1];
    const parameters = [...new URLSearchParams(link)];
    expect(parameters.slice(0, -1)).toEqual([
      ["Order", "time"],
      ["MAXREC", "1"],
      ["x", "a?b"],
      ["y", "?"],
    ]);
    expect(parameters.at(-1)).toEqual(["after", page.json().next]);
  });

  it("the Link header of a search leads to the next page, whatever the format", async () => {
    const first = await get("response=csv&maxrec=3&collection=urn:nasa:pds:made:data&offset=0");
    expect(first.headers["x-total-count"]).toBe("3");
    expect(first.headers).not.toHaveProperty("link");
    const page = await get("response=csv&maxrec=2&order=time");
    const link = /^<\?([^>]+)>; rel="next"$/.exec(String(page.headers.link))?.[1];
    const second = await get(String(link));
    expect(second.body.split("\r\n").map((line) => line.split(",", 1)[0])).toEqual([
      "obs_id",
      "urn:nasa:pds:made:other:three",
      "urn:nasa:pds:made:data:four",
      "",
    ]);
  });
});

describe("a bare table of the existing service", () => {
  let bare: MadeCatalog;
  let other: TestService;
  afterEach(async () => {
    await other.close();
    await bare.close();
  });

  it("a bare table of the existing service is searched by what it has; otherwise the log says to migrate", async () => {
    bare = await madeCatalog([], [EXISTING]);
    const database = new DatabaseSync(bare.path);
    for (const table of ["image_detail", "image_footprint", "image_count", "sis_schema"]) {
      database.exec("DROP TRIGGER IF EXISTS image_detail_delete");
      for (const event of ["insert", "delete", "update"]) {
        database.exec(`DROP TRIGGER IF EXISTS image_count_${event}`);
      }
      database.exec(`DROP TABLE ${table}`);
    }
    database.close();
    const catalog = await openCatalog(sqliteSettings(bare.path));
    other = await testService({ catalog });
    const ask = (query: string) => other.app.inject({ url: `/query?${query}` });
    for (const query of ["target=Vesta&order=time", "after=0", "obs_id=urn*", "response=json"]) {
      const { total, results } = (await ask(query)).json();
      expect([total, results[0].start]).toEqual([1, null]);
    }
    expect((await ask("pos=1,2")).statusCode).toBe(500);
    expect(other.lines.join("")).toMatch(/CATALOG_SCHEMA.*sbnsis migrate/);
    await catalog.close();
  });
});
