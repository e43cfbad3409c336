import { expect, test } from "vitest";
import { SingleFlight } from "../../src/concurrency/single-flight.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a hundred concurrent callers with one key run one task", async () => {
  const flights = new SingleFlight<number>();
  let runs = 0;
  const make = async () => {
    runs++;
    await pause();
    return 7;
  };
  const answers = await Promise.all(Array.from({ length: 100 }, () => flights.run("key", make)));
  expect(new Set(answers)).toEqual(new Set([7]));
  expect(runs).toBe(1);
  expect(flights.size).toBe(0);
});

test("different keys run separate tasks, and a failed task is tried again", async () => {
  const flights = new SingleFlight<string>();
  let attempt = 0;
  const make = async () => {
    attempt++;
    await pause();
    if (attempt === 1) throw new Error("first");
    return "made";
  };
  await expect(flights.run("a", make)).rejects.toThrow("first");
  expect(await flights.run("a", make)).toBe("made");
  expect(await flights.run("b", async () => "other")).toBe("other");
});

test("a task is aborted when its last waiting caller leaves, not before", async () => {
  const flights = new SingleFlight<void>();
  const [first, second] = [new AbortController(), new AbortController()];
  let aborted = false;
  const make = (signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        reject(new Error("aborted"));
      });
    });
  const waits = [flights.run("key", make, first.signal), flights.run("key", make, second.signal)];
  const outcomes = Promise.allSettled(waits);
  first.abort();
  await pause();
  expect(aborted).toBe(false);
  second.abort();
  await outcomes;
  expect(aborted).toBe(true);
  expect(flights.size).toBe(0);
});
