import { describe, expect, it } from "vitest";
import { draws } from "../support/draws.ts";
import { fuzzInput } from "./fuzz-input.ts";
import { fixtureSeeds } from "./seeds.ts";

/** scripts/fuzz.ts runs longer, on real files as well. */
const RUNS = draws(4000);

describe("damaged files", () => {
  it(`damaged files yield pixels, positions or typed errors, in bounded memory: ${RUNS} inputs of a fixed seed`, async () => {
    const seeds = fixtureSeeds();
    const met = { sections: 0, skies: 0, refused: 0 };
    for (let run = 0; run < RUNS; run++) {
      const { sections, skies, refused } = await fuzzInput(seeds, run);
      met.sections += sections;
      met.skies += skies;
      met.refused += refused;
    }
    expect(Math.min(met.sections, met.skies, met.refused)).toBeGreaterThan(RUNS / 20);
  });
});
