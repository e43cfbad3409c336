import { expect, test } from "vitest";
import { WorkQueue } from "../../src/products/work-queue.ts";

/** A work that ends when it is told to. */
function gate() {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

test("no more works run at once than allowed, and those that wait come in their order", async () => {
  const queue = new WorkQueue({ concurrency: 2, limit: 10 });
  const gates = Array.from({ length: 5 }, gate);
  const begun: number[] = [];
  const works = gates.map(({ promise }, i) =>
    queue.run(async () => {
      begun.push(i);
      await promise;
      return i;
    }),
  );
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  await settle();
  expect(begun).toEqual([0, 1]);
  expect([queue.running, queue.waiting]).toEqual([2, 3]);
  gates[1]!.open();
  await works[1];
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect(await Promise.all(works)).toEqual([0, 1, 2, 3, 4]);
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});

test("one work more than may wait is OVERLOADED at once", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 1 });
  const { promise, open } = gate();
  const first = queue.run(() => promise);
  const second = queue.run(async () => "second");
  await expect(queue.run(async () => "third")).rejects.toMatchObject({ code: "OVERLOADED", status: 503 });
  open();
  await first;
  expect(await second).toBe("second");
});

test("a work whose signal is aborted while it waits never runs and frees its place", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 1 });
  const { promise, open } = gate();
  const first = queue.run(() => promise);
  const controller = new AbortController();
  let ran = false;
  const second = queue.run(async () => {
    ran = true;
  }, controller.signal);
  controller.abort();
  await expect(second).rejects.toMatchObject({ code: "CANCELLED" });
  expect(queue.waiting).toBe(0);
  open();
  await first;
  expect(ran).toBe(false);
  expect(await queue.run(async () => "next")).toBe("next");
});

test("a work that fails gives its place to the next", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 5 });
  const failing = queue.run(async () => {
    throw new Error("failed");
  });
  const next = queue.run(async () => "next");
  await expect(failing).rejects.toThrow("failed");
  expect(await next).toBe("next");
});
