import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import { EXPOSURE, type VoService, voService } from "../../support/catalog/vo-catalog.ts";
import { KNOWN_ID } from "../../support/test-service.ts";

let service: VoService;
beforeAll(async () => {
  service = await voService({ SBNSIS_SODA_MAX_PIXELS: "300" });
});
afterAll(async () => await service.close());

const get = (query: string, headers: Record<string, string> = {}) =>
  service.app.inject({ url: `/vo/sync?${query}`, headers });

describe("/vo/sync", () => {
  it("/vo/sync returns the same product as /images without a region, and the region with one (contract C2, C3)", async () => {
    const whole = await get(`ID=${KNOWN_ID}`);
    expect([whole.statusCode, whole.headers["content-type"]]).toEqual([200, "image/fits"]);
    expect(service.requests.at(-1)).toEqual({ id: KNOWN_ID, format: "fits", align: false });
    await get(`id=${KNOWN_ID.toUpperCase()}&circle=10+20+0.1&TIME=&BAND=&POL=&foo=1`);
    expect(service.requests.at(-1)).toEqual({
      id: KNOWN_ID,
      format: "fits",
      align: false,
      region: {
        shape: { kind: "circle", lon: 10, lat: 20, radius: 0.1 },
        text: "CIRCLE 10 20 0.1",
        maximumPixels: 300,
      },
    });
    await get(`ID=${KNOWN_ID}&POS=RANGE+9+11+19+21&RESPONSEFORMAT=image/jpeg`);
    expect(service.requests.at(-1)).toMatchObject({ format: "jpeg", region: { shape: { kind: "range" } } });
  });

  it("/vo/sync sends products with ETag, 304, Range and HEAD, like /images (contract V14, C3)", async () => {
    const { headers } = await get(`ID=${KNOWN_ID}`);
    expect(headers["content-disposition"]).toContain("product.fits");
    const known = await get(`ID=${KNOWN_ID}`, { "if-none-match": String(headers.etag) });
    const part = await get(`ID=${KNOWN_ID}`, { range: "bytes=0-9" });
    expect([known.statusCode, part.statusCode, part.body.length]).toEqual([304, 206, 10]);
    const head = await service.app.inject({ method: "HEAD", url: `/vo/sync?ID=${KNOWN_ID}` });
    expect([head.statusCode, head.headers["content-length"]]).toEqual([200, headers["content-length"]]);
  });

  it("/vo/sync has no content if no pixel, wavelength or time is left (SODA 1.0, 5.1; contract C4)", async () => {
    const off = new SisError("REGION_OFF_IMAGE", "no pixel of the image is in the region");
    service.fail(off);
    const answers = [await get(`ID=${KNOWN_ID}&CIRCLE=70+20+0.1`)];
    // the image has no band, and was exposed from 57000 to 57000.01
    for (const query of ["BAND=5e-7", "TIME=57000.02+%2BInf", "TIME=-Inf+56999"])
      answers.push(await get(`ID=${KNOWN_ID}&${query}`));
    for (const { statusCode, body, headers } of answers)
      expect([statusCode, body, headers["content-type"]]).toEqual([204, "", undefined]);
    expect((await get(`ID=${KNOWN_ID}&TIME=57000.01`)).statusCode).toBe(200);
  });

  it.each([
    ["", 400, "UsageError: ID is missing"],
    [`ID=${KNOWN_ID}&CIRCLE=1+2`, 400, "UsageError: CIRCLE=1 2 "],
    [`ID=${KNOWN_ID}&POLYGON=0+0+1+1+1+0+0+1`, 400, "UsageError: POLYGON is not allowed"],
    [`ID=${KNOWN_ID}&CIRLCE=1+2+3`, 400, "UsageError: CIRLCE "],
    [`ID=${KNOWN_ID}&BAND=2+1`, 400, "UsageError: BAND=2 1 "],
    [`ID=${KNOWN_ID}&ID=${EXPOSURE}`, 400, "MultiValuedParamNotSupported: ID "],
    [`ID=${KNOWN_ID}&CIRCLE=1+2+3&POS=CIRCLE+1+2+3`, 400, "MultiValuedParamNotSupported: "],
    ["ID=nope&CIRCLE=1+2+3", 404, "UsageError: There is no image nope."],
    // a long identifier or name is not repeated as a whole
    [`ID=${"n".repeat(5000)}&CIRCLE=1+2+3`, 404, `UsageError: There is no image ${"n".repeat(60)}....`],
    [`ID=${KNOWN_ID}&${"c".repeat(5000)}=1`, 400, `UsageError: ${"c".repeat(60)}... is not a parameter`],
  ])("/vo/sync refuses %s with %i and a code of SODA 1.0, 5.2", async (query, status, text) => {
    const { statusCode, headers, body } = await get(query);
    expect([statusCode, headers["content-type"]]).toEqual([status, "text/plain; charset=utf-8"]);
    expect(body.startsWith(text)).toBe(true);
  });

  it.each([
    ["FITS_CORRUPT", 500, "Error: "],
    ["FITS_UNSUPPORTED", 501, "Error: "],
    ["OVERLOADED", 503, "ServiceUnavailable: "],
    ["SOURCE_UNREACHABLE", 502, "ServiceUnavailable: "],
    ["SOURCE_TIMEOUT", 504, "ServiceUnavailable: "],
    ["CUTOUT_TOO_LARGE", 400, "UsageError: "],
  ] as const)("/vo/sync reports %s with %i (contract C6, C7)", async (code, status, text) => {
    service.fail(new SisError(code, "at most 300 pixels"));
    const { statusCode, headers, body } = await get(`ID=${KNOWN_ID}&CIRCLE=10+20+0.1`);
    expect([statusCode, body.startsWith(text)]).toEqual([status, true]);
    expect(headers["retry-after"]).toBe(text.startsWith("ServiceUnavailable") ? "5" : undefined);
  });
});
