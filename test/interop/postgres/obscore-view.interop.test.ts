import { afterAll, expect, it } from "vitest";
import type { Observation, ObservationQuery } from "../../../src/catalog/observations/observation.ts";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { madeImage } from "../../support/catalog/made-catalog.ts";
import { seeded, squareFrame } from "../../support/inputs/sky-frames.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
const ANY: ObservationQuery = {
  ...{ pos: [], band: [], time: [], pol: [], fov: [], spatres: [], specrp: [], exptime: [], timeres: [] },
  ...{ id: [], collection: [], facility: [], instrument: [], dptype: [], calib: [], target: [] },
};
const random = seeded(4);
const PLACES = [
  [0.1, 10],
  [150, 89.8],
  [300, -89.9],
  [20, -40],
] as const;
const images = PLACES.map((place, i) => {
  const corners = squareFrame(place, 0.7, random() * 6);
  return madeImage(i === 3 ? "m3&a=1#b c%25é/+'(~" : `m${i}.diff`, {
    record: {
      collection: i < 2 ? "urn:nasa:pds:gbo.ast.atlas.survey:58000" : "urn:nasa:pds:made:it's",
      pixelScale: 0.001,
    },
    detail: {
      ...{ startMjd: 58_000 + i, stopMjd: 58_000.5 + i, exposure: 30, filter: "c", fileSize: 2881 },
      corners: i % 2 === 0 ? corners : ([...corners].reverse() as unknown as typeof corners),
    },
  });
});

if (programs === undefined) it.skip("PostgreSQL is not installed: run .ci/install-tools");
else {
  const server = await PostgresServer.create(programs);
  afterAll(async () => await server.destroy());

  it("the view ivoa.obscore has the values of the observations that SIA returns (the catalog)", async () => {
    const database = await server.database();
    const writing = await openWritableCatalog(database.settings);
    await writing.createTables();
    await writing.write([...images, madeImage("bare")]);
    const addresses = { voUrl: "https://example.org/api/vo", authority: "example.org" };
    await writing.createObscoreView(addresses);
    // again, as after a change of the address
    await writing.createObscoreView(addresses);
    await writing.close();
    const catalog = await openCatalog(database.settings);
    const found: Observation[] = [];
    for await (const rows of catalog.observations(ANY, { limit: 10 })) found.push(...rows);
    await catalog.close();
    const view = await database.execute("SELECT * FROM ivoa.obscore ORDER BY t_min NULLS LAST");
    expect(view).toHaveLength(5);
    for (const [i, row] of view.entries()) {
      const { lid, version, image_url, file_size, s_region, access_estsize, ...same } = found[i]!;
      const numbers = (values: object) =>
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            typeof value === "number" ? expect.closeTo(value, 9) : value,
          ]),
        );
      expect({ ...row, s_xel1: null, s_xel2: null }).toMatchObject(numbers(same));
      expect(row.access_estsize === null ? null : Number(row.access_estsize)).toBe(access_estsize);
      expect(row.obs_publisher_did).toBe(`ivo://example.org/sbnsis?${lid}`);
      expect(row.access_url).toBe(`https://example.org/api/vo/links?ID=${encodeURIComponent(lid)}`);
      const polygon = (row.s_region as string | null)?.replace("POLYGON ICRS ", "").split(" ").map(Number);
      const [first, second] = s_region ?? [];
      const at =
        polygon?.findIndex((value, k) => k % 2 === 0 && value === first && polygon[k + 1] === second) ?? 0;
      // the same polygon, from any of its vertices
      expect(polygon && [...polygon.slice(at), ...polygon.slice(0, at)]).toEqual(s_region ?? undefined);
    }
    await database.drop();
  });
}
