// Times /query, /summary, searches and look-ups by id on a catalog of generated frames all over the
// sky, in 400 collections, on both engines.
//
// npx tsx bench/catalog/search.ts [--engine sqlite|postgresql] [--rows 1000000] [--folder DIR]
// [--client wrk] [--only WORD]
//
// Without --engine it runs both, PostgreSQL if it is installed: its own server, with shared_buffers
// of 1 GB and default settings otherwise. The catalog is created in a temporary folder and removed,
// or kept in --folder and reused. One worker of the service responds, the client runs on the same
// processors: one in JavaScript, or wrk.
import { parseArgs } from "node:util";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import type { DatabaseSettings } from "../../src/config/settings-groups.ts";
import { anyPlace, seeded } from "../../test/support/inputs/sky-frames.ts";
import { measure, measureByWrk, tellTimes } from "../service/latencies.ts";
import { madeRecord } from "./made-sky.ts";
import { onSkies, SKY_OPTIONS, startService } from "./sky-service.ts";

async function lookUps(settings: DatabaseSettings, rows: number): Promise<void> {
  const catalog = await openCatalog(settings);
  const random = seeded(3);
  const times: number[] = [];
  const begin = performance.now();
  for (let i = 0; i < 10_000; i += 1) {
    const { obsId } = madeRecord(Math.floor(random() * rows));
    const start = performance.now();
    if ((await catalog.findImage(obsId)) === undefined) throw new Error(`${obsId} is not there`);
    times.push(performance.now() - start);
  }
  tellTimes("an image by its id, without HTTP", times, (performance.now() - begin) / 1000);
  await catalog.close();
}

/** Filters of every kind: none, lists of all lengths, and pairs of independent ones. */
const FILTERS = [
  "",
  "&collection=urn:nasa:pds:made.survey1:data",
  "&collection=urn:nasa:pds:made.survey77:data",
  "&facility=Observatory%202",
  "&instrument=Camera%203&dptype=image",
  "&instrument=Guest%20camera",
  "&collection=urn:nasa:pds:made.survey2:data&facility=Observatory%201",
  "&facility=Observatory%202&instrument=Guest%20camera",
];

async function totals(address: string): Promise<readonly number[]> {
  const answers = FILTERS.map(async (filter) => {
    const answer = (await (await fetch(`${address}/query?maxrec=0${filter}`)).json()) as { total: number };
    return answer.total;
  });
  return await Promise.all(answers);
}

type Measure = (
  name: string,
  next: () => string,
  options: { readonly clients: number; readonly requests?: number },
) => unknown;

async function run(settings: DatabaseSettings, rows: number, measured: Measure): Promise<void> {
  await lookUps(settings, rows);
  const { child, address } = await startService(settings);
  try {
    const random = seeded(7);
    const below = (n: number) => Math.floor(random() * n);
    const lengths = await totals(address);
    const anyOffset = () => {
      const which = below(FILTERS.length);
      return `${address}/query?offset=${below(Math.min(1e6, lengths[which]!))}${FILTERS[which]}`;
    };
    const pos = () => anyPlace(random).join(",");
    const tenDays = () => {
      const start = 59_000 + below(rows / 800);
      return `${start}/${start + 10}`;
    };
    const collection = () => `collection=urn:nasa:pds:made.survey${below(400)}:data`;
    for (const clients of [1, 4]) {
      await measured("/summary", () => `${address}/summary`, { clients });
      await measured(
        "/query, any collection, offset < 1000",
        () => `${address}/query?${collection()}&offset=${below(1000)}`,
        { clients },
      );
      await measured("/query, any filter, offset up to 1,000,000", anyOffset, { clients });
      await measured("/query, no filter, such an offset", () => `${address}/query?offset=${below(1e6)}`, {
        clients,
      });
      await measured(
        "/query, any filter, by cursor",
        () => `${address}/query?after=${below(rows)}${FILTERS[below(FILTERS.length)]}`,
        { clients },
      );
      await measured("place", () => `${address}/query?pos=${pos()}`, { clients });
      await measured("place and ten days", () => `${address}/query?pos=${pos()}&time=${tenDays()}`, {
        clients,
      });
      await measured(
        "place, radius 1 degree, by distance",
        () => `${address}/query?pos=${pos()}&radius=1deg&order=distance`,
        { clients, requests: 200 },
      );
    }
  } finally {
    child.removeAllListeners("exit");
    child.kill();
  }
}

const { values } = parseArgs({
  options: {
    ...SKY_OPTIONS,
    client: { type: "string", default: "node" },
    // only the kinds of requests with this word in their name
    only: { type: "string", default: "" },
  },
});
const client = values.client === "wrk" ? measureByWrk : measure;
await onSkies(
  values,
  async (settings) =>
    await run(settings, Number(values.rows), async (name, ...how) => {
      if (name.includes(values.only)) await client(name, ...how);
    }),
);
