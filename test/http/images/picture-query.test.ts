import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.close());

const image = `/images/${KNOWN_ID}`;
const png = `${image}?format=png`;

async function pictureOf(query: string) {
  const { statusCode } = await service.app.inject(query);
  expect(statusCode).toBe(200);
  return service.requests.at(-1)?.picture;
}

describe("parameters of pictures", () => {
  it("picture parameters equal to the defaults give the same picture as none, so that it is made once", async () => {
    expect(
      await pictureOf(
        `${png}&stretch=linear&cut=zscale&cmap=gray&interpolation=nearest&invert=false&compass=false`,
      ),
    ).toBeUndefined();
  });

  it.each(["cut=percentile&min_cut", "cut=percentile&max_cut", "power", "ra", "size"])(
    "two hundred thousand digits in %s are refused as quickly as a few",
    async (name) => {
      const { statusCode } = await service.app.inject(`${image}?format=jpeg&${name}=${"1".repeat(200_000)}x`);
      expect([400, 414]).toContain(statusCode);
    },
  );

  it("all picture parameters reach the picture", async () => {
    const query =
      "&stretch=power&power=0.5&cut=percentile&min_cut=0.5%25&max_cut=-1.5e2&cmap=magma&invert=true&quality=80&width=256&interpolation=bilinear";
    expect(await pictureOf(`${image}?format=jpeg${query}`)).toEqual({
      quality: 80,
      options: {
        stretch: "power",
        stretchParameter: 0.5,
        cut: "percentile",
        minCut: { kind: "percent", value: 0.5 },
        maxCut: { kind: "value", value: -150 },
        colormap: "magma",
        invert: true,
        width: 256,
        interpolation: "bilinear",
      },
    });
  });

  it("quick=true alone makes another picture, and quick=false the one without it", async () => {
    expect(await pictureOf(`${png}&quick=true`)).toEqual({ options: {}, quick: true });
    expect(await pictureOf(`${png}&quick=false`)).toBeUndefined();
  });

  it("marks are drawn by kind, those of one kind in the order given", async () => {
    const query =
      "&compass=true&mark=10,-5&trail=0:40:00,-5:00:00,15,245.3&ellipse=10,-5,20,8.5,-70&mark=10.5,5,12.5&arrow=245&arrow=-10,to the Sun, far&scalebar=true";
    expect(await pictureOf(png + query)).toEqual({
      options: {
        marks: [
          { kind: "cross", lon: 10, lat: -5 },
          { kind: "circle", lon: 10.5, lat: 5, radiusArcsec: 12.5 },
          { kind: "ellipse", lon: 10, lat: -5, semiAxesArcsec: [20, 8.5], positionAngle: -70 },
          { kind: "trail", lon: 10, lat: -5, lengthArcsec: 15, positionAngle: 245.3 },
          { kind: "arrow", positionAngle: 245 },
          { kind: "arrow", positionAngle: -10, label: "to the Sun, far" },
          { kind: "scalebar" },
          { kind: "compass" },
        ],
      },
    });
  });

  it("picture parameters are in the OpenAPI document with examples", async () => {
    const { paths } = (await service.app.inject("/openapi.json")).json();
    const parameters = paths["/images/{id}"].get.parameters as readonly {
      name: string;
      schema: { examples?: unknown };
    }[];
    for (const name of [
      "stretch",
      "power",
      "cut",
      "min_cut",
      "max_cut",
      "cmap",
      "invert",
      "quality",
      "width",
      "interpolation",
      "quick",
      "mark",
      "ellipse",
      "trail",
      "arrow",
      "scalebar",
      "compass",
    ]) {
      expect(parameters.find((parameter) => parameter.name === name)?.schema.examples, name).toBeDefined();
    }
  });
});

const many = (text: string, count: number) => `&${text}`.repeat(count);

/** Address, and what the error message must contain: parameter, value, and what is allowed. */
const REFUSED: readonly (readonly [string, ...string[]])[] = [
  [`${png}&stretch=cube`, "stretch", '"cube"', "linear, sqrt, log, asinh, power"],
  [`${png}&stretch=log&stretch=log`, "stretch", "one value"],
  [`${png}&power=2`, "power", "only together with stretch=power"],
  [`${png}&stretch=power&power=0`, "power", "a number from 0.05 to 20"],
  [`${png}&stretch=power&power=NaN`, "power", "NaN"],
  [`${png}&cut=median`, "cut", "zscale, minmax, percentile"],
  [`${png}&min_cut=nan`, "min_cut", "percentage"],
  [`${png}&min_cut=101%25`, "min_cut", '"101%"', "from 0% to 100%"],
  [`${png}&max_cut=-1%25`, "max_cut", "from 0% to 100%"],
  [`${png}&max_cut=1e999`, "max_cut", "finite"],
  [`${png}&min_cut=5&max_cut=5`, "min_cut", "less than max_cut, which is 5"],
  [`${png}&min_cut=99%25&max_cut=1%25`, "min_cut", "less than max_cut"],
  [`${png}&cmap=jet`, "cmap", '"jet"', "gray, viridis, magma, inferno, cividis, plasma, heat, cool"],
  [`${png}&cmap=__proto__`, "cmap"],
  [`${png}&invert=2`, "invert", "true, false"],
  [`${png}&quality=80`, "quality", "only together with format=jpeg"],
  [`${image}?format=jpeg&quality=0`, "quality", "an integer from 1 to 100"],
  [`${image}?format=jpeg&quality=1.5`, "quality"],
  [`${png}&width=0`, "width", "an integer from 1 to 32768"],
  [`${png}&width=99999`, "width"],
  [`${png}&interpolation=cubic`, "interpolation", "nearest, bilinear"],
  [`${png}&mark=10`, "mark", "RA,DEC"],
  [`${png}&mark=361,0`, "mark", '"361,0"'],
  [`${png}&mark=10,-91`, "mark"],
  [`${png}&mark=10,5,0`, "mark", "above 0"],
  [`${png}&mark=10,5,1,1`, "mark"],
  [`${png}&mark=10,5&mark=x,5`, "mark", '"x,5"'],
  [png + many("mark=10,5", 33), "mark", "33 times", "at most 32 times"],
  [`${png}&ellipse=10,5,1,1`, "ellipse", "RA,DEC,A,B,PA"],
  [`${png}&ellipse=10,5,1,1,1,1`, "ellipse"],
  [`${png}&ellipse=10,91,1,1,0`, "ellipse", '"10,91,1,1,0"'],
  [`${png}&ellipse=10,5,0,1,0`, "ellipse", "above 0 to 36000 arcsec"],
  [`${png}&ellipse=10,5,1,-1,0`, "ellipse", "above 0"],
  [`${png}&ellipse=10,5,1,36001,0`, "ellipse"],
  [`${png}&ellipse=10,5,1,1,361`, "ellipse", "from -360 to 360"],
  [`${png}&ellipse=10,5,1,,0`, "ellipse"],
  [png + many("ellipse=10,5,1,1,0", 9), "ellipse", "at most 8 times"],
  [`${png}&trail=10,5,1`, "trail", "RA,DEC,LENGTH,PA"],
  [`${png}&trail=10,5,1,1,1`, "trail"],
  [`${png}&trail=10,5,0,1`, "trail", "above 0"],
  [`${png}&trail=10,5,nan,1`, "trail"],
  [`${png}&trail=24:00:01,5,1,1`, "trail", "sexagesimal"],
  [png + many("trail=10,5,1,1", 9), "trail", "at most 8 times"],
  [`${image}?trail=10,5,1,1`, "trail", "only together with format=jpeg, png"],
  [`${image}?format=header&ellipse=10,5,1,1,0`, "ellipse", "only together with format=jpeg, png"],
  [`${png}&quick=true&ra=1&dec=1&size=1arcmin`, "quick", "only for whole images"],
  [`${png}&quick=true&zoom=2`, "zoom", "only without quick"],
  [`${png}&quick=true&interpolation=bilinear`, "interpolation", "only without quick"],
  [`${png}&quick=true&width=1025`, "width", "at most 1024 together with quick"],
  [`${image}?quick=true`, "quick", "only together with format=jpeg, png"],
  [`${png}&arrow=400`, "arrow", "from -360 to 360"],
  [`${png}&arrow=,motion`, "arrow"],
  [`${png}&arrow=10,${"x".repeat(17)}`, "arrow", "at most 16"],
  [`${png}&arrow=10,`, "arrow"],
  [`${png}&arrow=10,%C3%BC`, "arrow", "ASCII"],
  [`${png}&arrow=10,%00`, "arrow"],
  [png + many("arrow=1", 5), "arrow", "at most 4 times"],
  [`${image}?stretch=log`, "stretch", "only together with format=jpeg, png"],
  [`${image}?format=label&mark=1,1`, "mark", "only together with format=jpeg, png"],
];

describe("parameters that are refused", () => {
  it.each(REFUSED)("the picture request %s is refused", async (url, parameter, ...says) => {
    const answer = await service.app.inject(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    const problem = answer.json();
    expect(problem).toMatchObject({ code: "INVALID_PARAMETER", parameter });
    expect(problem.detail).toContain(`Parameter ${parameter} is `);
    for (const text of says) expect(problem.detail).toContain(text);
  });
});
