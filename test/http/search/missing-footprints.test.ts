import { afterEach, beforeEach, expect, it } from "vitest";
import { CORNERS, type MadeCatalog, madeCatalog, madeImage } from "../../support/catalog/made-catalog.ts";
import { type TestService, testService } from "../../support/test-service.ts";

let made: MadeCatalog;
let service: TestService;
beforeEach(async () => {
  made = await madeCatalog([
    madeImage("one", { detail: { corners: CORNERS } }),
    madeImage("two"),
    madeImage("three"),
  ]);
  service = await testService({ catalog: made.catalog });
});
afterEach(async () => {
  await service.close();
  await made.close();
});

it("a search by position says in JSON, CSV and VOTable that it could not see 2 of 3 images (rows written)", async () => {
  const ask = async (query: string) => await service.app.inject(`/query?${query}`);
  const json = await ask("pos=10.5,0.5");
  expect(json.json()).toMatchObject({ total: 1, without_footprint: 2 });
  expect(json.headers["x-without-footprint"]).toBe("2");
  const csv = await ask("pos=10.5,0.5&response=csv");
  expect(csv.headers["x-without-footprint"]).toBe("2");
  const votable = await ask("pos=10.5,0.5&response=votable");
  expect(votable.body).toContain('<INFO name="without_footprint" value="2"/>');
  const other = await ask("order=time");
  expect(other.json()).not.toHaveProperty("without_footprint");
  expect(other.headers["x-without-footprint"]).toBeUndefined();
});

it("/ready stays 200 and counts the images without a footprint (rows written)", async () => {
  const answer = await service.app.inject("/ready");
  expect(answer.statusCode).toBe(200);
  expect(answer.json().checks).toMatchObject({
    database: "ok",
    footprints: "2 images have none, so searches by position miss them",
  });
});
