import { expect, it } from "vitest";
import { BandProgress } from "../../src/stretch/band-progress.ts";

it("threads that share the progress of bands take each band once and see each other's bands", () => {
  const memory = BandProgress.memoryFor(3, true);
  const [here, there] = [new BandProgress(memory), new BandProgress(memory)];
  expect([here.bands, there.bands, here.missing]).toEqual([3, 3, 0]);
  expect([here.take(), there.take()]).toEqual([0, 1]);
  there.add(1, 5);
  expect([0, 1, 2].map((band) => here.isPresent(band))).toEqual([false, true, false]);
  here.add(0, 2);
  expect([here.missing, there.missing]).toEqual([7, 7]);
  here.stop();
  expect([here.take(), there.take(), there.take()]).toEqual([undefined, undefined, undefined]);
  expect(there.isPresent(2)).toBe(false);
});
