import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { separation } from "../../packages/wcs/src/sky/great-circle.ts";
import type { Observation, ObservationQuery } from "../../src/catalog/observations/observation.ts";
import { type MadeCatalog, madeCatalog, madeImage } from "../support/catalog/made-catalog.ts";
import { seeded, squareFrame } from "../support/inputs/sky-frames.ts";

// on SQLite; test/interop/postgres/postgres.interop.test.ts runs the same tests on PostgreSQL

const ATLAS = "urn:nasa:pds:gbo.ast.atlas.survey:58000";
const NEAT = "urn:nasa:pds:gbo.ast.neat.survey:data_geodss";
const OTHER = "urn:nasa:pds:made:data";
const COUNT = 1200;
const random = seeded(11);

/** Frames of 1 degree on a belt of the sky, some without a time or a position. */
const images = Array.from({ length: COUNT }, (_, i) => {
  const collection = [ATLAS, NEAT, OTHER][i % 3]!;
  const start = i % 50 === 7 ? null : 50_000 + Math.floor(random() * 400) / 4;
  const place = [random() * 360, (random() - 0.5) * 20] as const;
  const exposure = i % 4 === 0 ? null : 30;
  return madeImage(i % 100 === 0 ? `Mixed${i}` : `m${i}${i % 3 === 0 ? ".diff" : ""}`, {
    record: {
      collection,
      facility: `F${i % 5}`,
      instrument: `I${i % 7}`,
      target: i % 11 === 0 ? null : `T${i % 3}`,
      calibrationLevel: [null, 0, 2, 3][i % 4]!,
      pixelScale: 0.001,
      dataProductType: i % 13 === 0 ? "table" : "image",
    },
    detail: {
      versionId: "1.1",
      title: `Frame ${i}`,
      startMjd: start,
      stopMjd: start === null ? null : start + (i === 500 ? 20 : 0.001),
      exposure,
      filter: i % 2 === 0 ? "o" : "NONE",
      corners: i % 40 === 3 ? null : squareFrame(place, 0.5, random() * 6),
      fileSize: 1_000_001,
      axis1: 10,
      axis2: 20,
    },
  });
});

const ANY: ObservationQuery = {
  ...{ pos: [], band: [], time: [], pol: [], fov: [], spatres: [], specrp: [], exptime: [], timeres: [] },
  ...{ id: [], collection: [], facility: [], instrument: [], dptype: [], calib: [], target: [] },
};

let made: MadeCatalog;
let all: readonly Observation[];

beforeAll(async () => {
  made = await madeCatalog(images, [{ ...images[0]!.record, obsId: `${OTHER}:bare`, collection: OTHER }]);
  all = await found({});
});
afterAll(async () => await made.close());

async function found(query: Partial<ObservationQuery>, limit = 1e6): Promise<readonly Observation[]> {
  const rows: Observation[] = [];
  for await (const batch of made.catalog.observations({ ...ANY, ...query }, { limit })) rows.push(...batch);
  return rows;
}

/** Whether an interval overlaps another one; a null never does. */
const overlaps = (low: number | null, high: number | null, [from, to]: readonly [number, number]) =>
  low !== null && high !== null && low <= to && high >= from;
const E = Number.POSITIVE_INFINITY;

describe("a search of observations", () => {
  it("observations are returned by start, those without one last, then by id (by hand)", () => {
    expect(all.map(({ lid }) => lid).sort()).toEqual(
      images
        .filter(({ record }) => record.dataProductType === "image")
        .map(({ record }) => record.obsId)
        .sort(),
    );
    const ids = new Map(images.map(({ record }, i) => [record.obsId, i]));
    const keys = all.map(({ t_min, lid }) => [t_min ?? E, ids.get(lid)!] as const);
    const sorted = keys.toSorted((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] - b[0]));
    expect(keys).toEqual(sorted);
  });

  it.each<[string, Partial<ObservationQuery>, (row: Observation) => boolean]>([
    ["time", { time: [[50_010, 50_011]] }, ({ t_min, t_max }) => overlaps(t_min, t_max, [50_010, 50_011])],
    [
      "times, one of them open",
      {
        time: [
          [-E, 50_001],
          [50_099.5, E],
        ],
      },
      ({ t_min, t_max }) => overlaps(t_min, t_max, [-E, 50_001]) || overlaps(t_min, t_max, [50_099.5, E]),
    ],
    ["time without bounds", { time: [[-E, E]] }, ({ t_min }) => t_min !== null],
    ["a time at infinity, where no exposure is", { time: [[E, E]] }, () => false],
    ["a band and an exposure at infinity", { band: [[-E, -E]], exptime: [[E, E]] }, () => false],
    ["a field at infinity", { fov: [[E, E]] }, ({ s_fov }) => overlaps(s_fov, s_fov, [E, E])],
    ["band", { band: [[3.6e-7, 4e-7]] }, ({ em_min, em_max }) => overlaps(em_min, em_max, [3.6e-7, 4e-7])],
    ["field of view", { fov: [[0, 3]] }, ({ s_fov }) => overlaps(s_fov, s_fov, [0, 3])],
    ["exposure", { exptime: [[30, 30]] }, ({ t_exptime }) => t_exptime === 30],
    ["resolution of time", { timeres: [[0, 29.9]] }, () => false],
    ["polarization, which is null", { pol: ["I"] }, () => false],
    ["spatial resolution, which is null", { spatres: [[-E, E]] }, () => false],
    [
      "collections",
      { collection: ["ATLAS", OTHER] },
      ({ obs_collection }) => ["ATLAS", OTHER].includes(obs_collection),
    ],
    [
      "facility and instrument",
      { facility: ["F1", "F2"], instrument: ["I3"] },
      (row) => ["F1", "F2"].includes(row.facility_name) && row.instrument_name === "I3",
    ],
    ["texts in another case", { facility: ["f1"] }, () => false],
    ["target", { target: ["T1"] }, ({ target_name }) => target_name === "T1"],
    ["levels, at least 1", { calib: [0, 1] }, ({ calib_level }) => calib_level === 1],
    ["type", { dptype: ["cube"] }, () => false],
    [
      "type and collection",
      { dptype: ["image"], collection: ["NEAT"] },
      ({ obs_collection }) => obs_collection === "NEAT",
    ],
    [
      "identifiers in another case, and with their version",
      {
        id: [
          images[1]!.record.obsId.toUpperCase(),
          `${images[2]!.record.obsId}::1.1`,
          `${images[4]!.record.obsId}::1.0`,
        ],
      },
      ({ lid }) => [images[1]!, images[2]!].some(({ record }) => record.obsId === lid),
    ],
    [
      "an identifier with capitals in lower case",
      { id: [images[100]!.record.obsId.toLowerCase()] },
      ({ lid }) => lid === images[100]!.record.obsId,
    ],
  ])("a search of observations by %s returns those that match (loop over all)", async (_, query, matches) => {
    const rows = await found(query);
    expect(rows).toEqual(all.filter(matches));
    if (rows.length === 0) expect(all.some(matches)).toBe(false);
  });

  it("a search of observations by shapes returns the footprints that meet any of them, in order (distance of the center)", async () => {
    const rows = await found({
      pos: [
        { kind: "circle", lon: 0, lat: 0, radius: 5 },
        { kind: "range", lon: [90, 100], lat: [-90, 90] },
      ],
    });
    const far = (row: Observation, reach: number) => {
      const isNear = separation([0, 0], [row.s_ra!, row.s_dec!]) <= 5 + reach;
      const isBetween = row.s_ra! >= 90 - 1.05 * reach && row.s_ra! <= 100 + 1.05 * reach;
      return row.s_ra !== null && (isNear || isBetween);
    };
    const surely = all.filter((row) => far(row, 0.49)).map(({ lid }) => lid);
    const maybe = all.filter((row) => far(row, 0.72)).map(({ lid }) => lid);
    expect(surely.length).toBeGreaterThan(20);
    const lids = rows.map(({ lid }) => lid);
    expect(lids).toEqual(maybe.filter((lid) => lids.includes(lid)));
    expect(surely.filter((lid) => !lids.includes(lid))).toEqual([]);
  });

  it("conditions on position, time and text must all be met by observations, and the limit cuts the list (loop over all)", async () => {
    const pos = [{ kind: "range", lon: [350, 200], lat: [-90, 90] }] as const;
    const query = { pos, time: [[50_020, 50_060]] as const, facility: ["F3", "F0"] };
    const rows = await found(query);
    const placed = new Set((await found({ pos })).map(({ lid }) => lid));
    const expected = all.filter(
      (row) =>
        placed.has(row.lid) &&
        overlaps(row.t_min, row.t_max, [50_020, 50_060]) &&
        query.facility.includes(row.facility_name),
    );
    expect(expected.length).toBeGreaterThan(60);
    expect(rows).toEqual(expected);
    expect(await found(query, 55)).toEqual(expected.slice(0, 55));
    expect(await found({}, 730)).toEqual(all.slice(0, 730));
    expect(await found({}, 0)).toEqual([]);
  });

  it("an aborted search of observations stops (its reason)", async () => {
    const ending = new AbortController();
    const rows = made.catalog
      .observations(ANY, { limit: 1000, signal: ending.signal })
      [Symbol.asyncIterator]();
    expect((await rows.next()).value).toHaveLength(50);
    ending.abort(new Error("enough"));
    await expect(rows.next()).rejects.toThrow("enough");
  });
});

it("observations have the values of ObsCore (contract), and are found by identifier even without details", async () => {
  const lid = images[33]!.record.obsId;
  const rows = await made.catalog.findObservations([`${lid}::1.1`, "urn:x", `${OTHER}:bare`, `${lid}::2.0`]);
  expect(rows[1]).toBeUndefined();
  expect(rows[3]).toBeUndefined();
  expect(rows[2]).toMatchObject({ lid: `${OTHER}:bare`, obs_collection: OTHER, t_min: null, s_region: null });
  const { startMjd } = images[33]!.detail;
  expect(rows[0]).toMatchObject({
    ...{ lid, version: "1.1", obs_id: lid.replace(".diff", ""), dataproduct_subtype: "difference" },
    ...{ dataproduct_type: "image", calib_level: 1, obs_collection: "ATLAS", pds_collection: ATLAS },
    ...{ access_estsize: 1001, file_size: 1_000_001, target_name: null, s_xel1: 10, s_xel2: 20 },
    ...{ t_min: startMjd, t_max: startMjd! + 0.001, t_exptime: 30, t_resolution: 30 },
    ...{ em_min: null, em_max: null, obs_title: "Frame 33", s_pixel_scale: 3.6, filter: "NONE" },
  });
  expect(rows[0]!.s_fov).toBeCloseTo(Math.SQRT2, 3);
  expect(rows[0]!.s_region).toHaveLength(8);
});

it("the time coverage of the catalog extends from the first start to the latest end (loop over all)", async () => {
  const starts = images.map(({ detail }) => detail.startMjd).filter((start) => typeof start === "number");
  const stops = images.map(({ detail }) => detail.stopMjd).filter((stop) => typeof stop === "number");
  expect(await made.catalog.timeSpan()).toEqual([Math.min(...starts), Math.max(...stops)]);
});

it("the values that searches of observations can use come from the counts (by hand)", async () => {
  expect(await made.catalog.observationNames()).toEqual({
    collections: ["ATLAS", "NEAT", OTHER].sort(),
    facilities: ["F0", "F1", "F2", "F3", "F4"],
    instruments: ["I0", "I1", "I2", "I3", "I4", "I5", "I6"],
    calibLevels: [1, 2, 3],
  });
});
