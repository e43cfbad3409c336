import { afterEach, describe, expect, it } from "vitest";
import { type SkyPoint, unitVector } from "../../../packages/wcs/src/sky/vectors.ts";
import type { HarvestedImage } from "../../../src/catalog/image-writer.ts";
import { type MadeCatalog, madeCatalog, madeImage } from "../../support/catalog/made-catalog.ts";
import { draws } from "../../support/draws.ts";
import {
  anyPlace,
  distanceFromEdge,
  insideByPlanes,
  seeded,
  squareFrame,
} from "../../support/inputs/sky-frames.ts";
import { type TestService, testService } from "../../support/test-service.ts";

let made: MadeCatalog;
let service: TestService;
afterEach(async () => {
  await service.close();
  await made.close();
});

const FIRST_DAY = 59_215; // 2021-01-01

/** Frames all over the sky, some around the poles and RA 0, each on some day of 2021. */
function randomSky(random: () => number, count: number): HarvestedImage[] {
  return Array.from({ length: count }, (_, i) => {
    const [ra, dec] = anyPlace(random);
    const kinds: readonly SkyPoint[] = [
      [ra, random() < 0.5 ? 90 : -90],
      [(random() * 4 + 358) % 360, dec],
      [ra, random() < 0.5 ? 89.9 : -89.9],
    ];
    const half = [0.2, 1.4, 2.75][Math.floor(random() * 3)]!;
    const day = FIRST_DAY + Math.floor(random() * 365);
    return madeImage(`s${i}`, {
      detail: {
        corners: squareFrame(kinds[i % 12] ?? [ra, dec], half, random() * 6.3),
        startMjd: day + 5 / 24,
        stopMjd: day + 5 / 24 + 30 / 86_400,
      },
    });
  });
}

function somePlace(random: () => number): SkyPoint {
  if (random() < 0.6) return anyPlace(random);
  const of = (values: readonly number[]) => values[Math.floor(random() * values.length)]!;
  return [of([0, 359.9999, 12.3, 360]), of([-90, 90, 89.99, -89.95, 0])];
}

/** Sort keys of images; the distance to six decimals, to which two ways of computing it agree. */
function orderKey({ record, detail }: HarvestedImage, order: string, place: SkyPoint): number {
  if (order === "id") return Number(record.obsId.split(":s").at(-1));
  if (order === "time") return detail.startMjd!;
  const corners = detail.corners!.map(unitVector);
  const sum = [0, 1, 2].map((i) => corners.reduce((total, corner) => total + corner[i]!, 0));
  const cosine = sum.reduce((total, x, i) => total + x * unitVector(place)[i]!, 0) / Math.hypot(...sum);
  return Number(Math.acos(Math.min(1, cosine)).toFixed(6));
}

const nameOf = (row: { readonly obs_id: string }) => row.obs_id.split(":").at(-1)!;

interface Answer {
  readonly total: number;
  readonly next: string | null;
  readonly results: readonly { readonly obs_id: string }[];
}
const ask = async (query: string): Promise<Answer> => {
  const answer = await service.app.inject({ url: `/query?maxrec=1000&${query}` });
  expect([query, answer.statusCode]).toEqual([query, 200]);
  return answer.json();
};

describe.each([1, 2, 3])("a random sky, seed %i", (seed) => {
  it("a search by position and time finds what a scan of all frames finds (brute force by planes)", async () => {
    const random = seeded(seed);
    const images = randomSky(random, 2000);
    made = await madeCatalog(images);
    service = await testService({ catalog: made.catalog });
    let hits = 0;
    for (let k = 0; k < draws(200); k += 1) {
      const [ra, dec] = somePlace(random);
      const timed = k % 3 === 0;
      const wanted = images.filter(({ detail }) => {
        const inTime = detail.startMjd! >= FIRST_DAY + 90 && detail.startMjd! < FIRST_DAY + 181;
        return (!timed || inTime) && insideByPlanes(detail.corners!, [ra, dec]);
      });
      const time = timed ? "&time=2021-04-01/2021-06-30T23:59:59" : "";
      const { total, results } = await ask(`pos=${ra},${dec}${time}`);
      expect(results.map(nameOf)).toEqual(wanted.map(({ record }) => nameOf({ obs_id: record.obsId })));
      expect(total).toBe(wanted.length);
      hits += wanted.length;
    }
    expect(hits).toBeGreaterThan(draws(200) / 2);
  });

  it("a search by radius finds what points on all edges find (brute force by sampled edges)", async () => {
    const random = seeded(seed + 100);
    const images = randomSky(random, 300);
    made = await madeCatalog(images);
    service = await testService({ catalog: made.catalog });
    const wrong: string[] = [];
    let hits = 0;
    for (let k = 0; k < Math.max(6, draws(30)); k += 1) {
      const place = somePlace(random);
      const radius = [0.01, 0.7, 6][k % 3]!;
      const found = new Set((await ask(`pos=${place.join(",")}&radius=${radius}deg`)).results.map(nameOf));
      for (const { record, detail } of images) {
        // the edge can be closer than its nearest sampled point by less than a step
        const apart = insideByPlanes(detail.corners!, place)
          ? 0
          : distanceFromEdge(detail.corners!, place, 200);
        const name = nameOf({ obs_id: record.obsId });
        if (apart <= radius && !found.has(name)) wrong.push(`${name} is not found around ${place}`);
        if (apart > radius + 0.03 && found.has(name)) wrong.push(`${name} is found around ${place}`);
      }
      hits += found.size;
    }
    expect(wrong).toEqual([]);
    expect(hits).toBeGreaterThan(0);
  });

  it("paging through a search in every order has no gap and no repeat (one large page, sorted frames)", async () => {
    const random = seeded(seed + 200);
    const images = randomSky(random, 1200);
    made = await madeCatalog(images);
    service = await testService({ catalog: made.catalog });
    for (const order of ["id", "time", "distance"]) {
      for (const place of [[0, 90] as const, [359.9, 0.2] as const]) {
        const where = `pos=${place.join(",")}&radius=10deg`;
        const all = (await ask(`${where}&order=${order}`)).results.map(nameOf);
        expect(all.length).toBeGreaterThan(20);
        const keys = all.map((name) => orderKey(images[Number(name.slice(1))]!, order, place));
        expect(keys).toEqual([...keys].sort((a, b) => a - b));
        const paged: string[] = [];
        let after: string | null = "0";
        while (after !== null) {
          const answer = await service.app.inject({
            url: `/query?${where}&order=${order}&maxrec=7&after=${after}`,
          });
          const page: Answer = answer.json();
          expect(page.total).toBe(all.length);
          paged.push(...page.results.map(nameOf));
          after = page.next;
          const link = answer.headers.link;
          expect(link === undefined).toBe(after === null);
        }
        expect(paged).toEqual(all);
      }
    }
  });
});
