import { expect, test } from "vitest";
import { MemoryBudget, meterOf } from "../../../src/products/threads/memory-budget.ts";

const MB = 2 ** 20;
/** Memory that each task has without a reservation. */
const FREE = 16 * MB;

test("all memory of a task is released together, whatever the outcome", async () => {
  const budget = new MemoryBudget(100 * MB);
  const memory = await budget.reserve(0);
  const meter = meterOf(memory);
  meter.hold("unpacked", FREE + 10 * MB);
  meter.hold("decoded", 20 * MB);
  meter.hold("decoded", 5 * MB);
  meter.hold("unpacked", FREE + 15 * MB);
  expect(budget.used).toBe(35 * MB);
  budget.release(memory);
  expect(budget.used).toBe(0);
  // a late second thread of the task does not keep the memory that it takes
  meter.hold("late", 30 * MB);
  expect(budget.used).toBe(0);
});

test("a task that needs more than the budget is MEMORY_EXCEEDED at once, also in steps", async () => {
  const budget = new MemoryBudget(100 * MB);
  const meter = meterOf(await budget.reserve(0));
  meter.hold("one", 60 * MB);
  expect(() => meter.hold("two", 41 * MB)).toThrowError(expect.objectContaining({ code: "MEMORY_EXCEEDED" }));
  await expect(budget.reserve(101 * MB)).rejects.toMatchObject({ code: "MEMORY_EXCEEDED" });
});

test("a task that gets no memory reports how much it needs, and gets that as soon as another ends", async () => {
  const budget = new MemoryBudget(100 * MB);
  const first = await budget.reserve(0);
  meterOf(first).hold("all", FREE + 80 * MB);
  const second = await budget.reserve(0);
  const meter = meterOf(second);
  meter.hold("a", FREE);
  const short = (() => {
    try {
      meter.hold("b", 40 * MB);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(short).toMatchObject({ code: "MEMORY_SHORT", details: { bytes: FREE + 40 * MB } });
  budget.release(second);
  const waiting = budget.reserve(FREE + 40 * MB);
  // no task gets memory that others wait for, but small tasks continue
  const third = meterOf(await budget.reserve(0));
  third.hold("small", FREE);
  expect(() => third.hold("small", FREE + MB)).toThrowError(
    expect.objectContaining({ code: "MEMORY_SHORT" }),
  );
  budget.release(first);
  const again = meterOf(await waiting);
  again.hold("a", FREE);
  again.hold("b", 40 * MB);
});

test("a client that disconnects stops waiting for memory, and those after it get their turn", async () => {
  const budget = new MemoryBudget(100 * MB);
  const first = await budget.reserve(90 * MB);
  const leaving = new AbortController();
  const left = budget.reserve(95 * MB, leaving.signal);
  const next = budget.reserve(50 * MB);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: "CANCELLED" });
  budget.release(first);
  budget.release(await next);
  expect(budget.used).toBe(0);
});
