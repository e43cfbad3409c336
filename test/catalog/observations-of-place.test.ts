import { expect, it } from "vitest";
import type { ObservationQuery } from "../../src/catalog/observations/observation.ts";
import { madeCatalog, madeImage } from "../support/catalog/made-catalog.ts";
import { seeded, squareFrame } from "../support/inputs/sky-frames.ts";

const NOTHING: ObservationQuery = {
  ...{ pos: [], band: [], time: [], pol: [], fov: [], spatres: [], specrp: [], exptime: [], timeres: [] },
  ...{ id: [], collection: [], facility: [], instrument: [], dptype: [], calib: [], target: [] },
};

/**
 * More than are sorted at once: the first rows of their position are found by walking an index in
 * order.
 */
const HERE = 1050;

it("more than 1000 observations of one position are each returned once and in order, including the first ones (sorted list)", async () => {
  const random = seeded(5);
  const images = Array.from({ length: HERE + 250 }, (_, i) => {
    const isHere = i % 26 < 21;
    const start = i % 40 === 3 ? null : 50_000 + Math.floor(random() * 30);
    const place = [(isHere ? 100 : 280) + random(), 10 + random()] as const;
    const corners = squareFrame(place, 0.5, 0);
    return {
      isHere,
      start,
      image: madeImage(`n${i}`, { detail: { startMjd: start, stopMjd: start, corners } }),
    };
  });
  const made = await madeCatalog(images.map(({ image }) => image));
  try {
    const pos: ObservationQuery["pos"] = [
      { kind: "circle", lon: 100, lat: 10, radius: 9 },
      { kind: "circle", lon: 101, lat: 11, radius: 9 },
    ];
    const batches: (readonly string[])[] = [];
    for await (const batch of made.catalog.observations({ ...NOTHING, pos }, { limit: 5000 }))
      batches.push(batch.map(({ lid }) => lid));
    const expected = images
      .map(({ isHere, start, image }, i) => ({ isHere, key: start ?? 1e9, i, lid: image.record.obsId }))
      .filter(({ isHere }) => isHere)
      .sort((a, b) => a.key - b.key || a.i - b.i);
    expect(expected.length).toBe(HERE);
    expect(batches.flat()).toEqual(expected.map(({ lid }) => lid));
    expect(batches[0]).toHaveLength(50);
  } finally {
    await made.close();
  }
});
