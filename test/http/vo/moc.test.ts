import { afterAll, beforeAll, expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { madeImage } from "../../support/catalog/made-catalog.ts";
import { testDatabase } from "../../support/catalog/test-database.ts";
import { squareFrame } from "../../support/inputs/sky-frames.ts";
import { type TestService, testService } from "../../support/test-service.ts";

let service: TestService;
let close: () => Promise<void>;
beforeAll(async () => {
  const { settings, drop } = await testDatabase();
  const writing = await openWritableCatalog(settings);
  await writing.createTables();
  const record = { collection: "urn:nasa:pds:gbo.ast.neat.survey:data_geodss" };
  const detail = { corners: squareFrame([10, 20], 0.5, 0.3) };
  await writing.write([madeImage("a", { record, detail }), madeImage("b", { record })]);
  await writing.updateCoverage();
  await writing.close();
  const catalog = await openCatalog(settings);
  service = await testService({ catalog });
  close = async () => {
    await service.close();
    await catalog.close();
    await drop();
  };
});
afterAll(async () => await close());

const get = (path: string, headers: Record<string, string> = {}) =>
  service.app.inject({ url: `/vo/moc${path}`, headers });

it("/vo/moc lists the surveys with images, order, area and address (contract, section 7)", async () => {
  const { body, headers } = await get("");
  expect(headers["content-type"]).toMatch(/^text\/csv/);
  const [header, row, end] = body.split("\r\n");
  expect(header).toBe("name,images,order,area_deg2,href");
  // the square has one square degree; the cells that touch it are 3.4 arcmin wide
  expect(row).toMatch(/^NEAT,2,10,1\.[12]\d*,http:\/\/127\.0\.0\.1:5000\/vo\/moc\/NEAT$/);
  expect(end).toBe("");
});

it.each([
  ["", "application/fits", /^SIMPLE {2}=/],
  ["?format=ascii", "text/plain; charset=utf-8", /^\d+\/\d+/],
  ["?FORMAT=json", "application/json; charset=utf-8", /^\{/],
])("/vo/moc/NEAT%s has the type %s, and is 304 for its entity tag", async (query, type, beginning) => {
  const response = await get(`/NEAT${query}`);
  expect([response.statusCode, response.headers["content-type"]]).toEqual([200, type]);
  expect(response.rawPayload.toString("latin1")).toMatch(beginning);
  expect((await get(`/all${query}`)).rawPayload.equals(response.rawPayload)).toBe(true);
  const again = await get(`/NEAT${query}`, { "if-none-match": String(response.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
});

it("/vo/moc responds to an unknown survey with 404 and to an unknown format with 400, as text (contract V5)", async () => {
  const [unknown, form] = [await get("/none"), await get("/NEAT?format=png")];
  expect([unknown.statusCode, unknown.headers["content-type"]]).toEqual([404, "text/plain; charset=utf-8"]);
  expect([form.statusCode, form.body]).toEqual([400, expect.stringContaining("fits, ascii, json")]);
});
