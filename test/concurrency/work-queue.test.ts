import { describe, expect, test } from "vitest";
import { WorkQueue } from "../../src/concurrency/work-queue.ts";
import type { SisError } from "../../src/errors/sis-error.ts";

/** A task that ends when it is released. */
function gate() {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

test("a work queue runs no more tasks at once than allowed, and waiting ones in order", async () => {
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
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await nextTurn();
  expect(begun).toEqual([0, 1]);
  expect([queue.running, queue.waiting]).toEqual([2, 3]);
  gates[1]!.open();
  await works[1];
  await nextTurn();
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect(await Promise.all(works)).toEqual([0, 1, 2, 3, 4]);
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});

test("a task beyond the maximum that may wait is OVERLOADED at once", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 1 });
  const { promise, open } = gate();
  const first = queue.run(() => promise);
  const second = queue.run(async () => "second");
  await expect(queue.run(async () => "third")).rejects.toMatchObject({ code: "OVERLOADED", status: 503 });
  open();
  await first;
  expect(await second).toBe("second");
});

test("a task whose signal is aborted while it waits never runs and frees its slot", async () => {
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

test("a failed task frees its slot for the next one", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 5 });
  const failing = queue.run(async () => {
    throw new Error("failed");
  });
  const next = queue.run(async () => "next");
  await expect(failing).rejects.toThrow("failed");
  expect(await next).toBe("next");
});

describe("named clients", () => {
  /**
   * Fills a queue with one running and `limit` waiting tasks of client a; records the outcome of
   * each task.
   */
  function filled(limit: number) {
    const queue = new WorkQueue({ concurrency: 1, limit });
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const add = (client: string, name: string) =>
      queue
        .run(
          () =>
            new Promise<void>((resolve) => {
              order.push(name);
              ends.push(resolve);
            }),
          undefined,
          { client },
        )
        .then(
          () => "done",
          (error: SisError) => error.code,
        );
    const works = Array.from({ length: limit + 1 }, (_, i) => add("a", `a${i}`));
    const endAll = async () => {
      while (queue.running > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        ends.shift()?.();
      }
    };
    return { queue, order, add, works, endAll };
  }

  test("named clients share a full queue evenly: the last task of the client with the most is displaced (max-min fairness by hand)", async () => {
    const { queue, add, works, endAll } = filled(8);
    await Promise.resolve();
    const others = Array.from({ length: 5 }, (_, i) => add("b", `b${i}`));
    expect(queue.waiting).toBe(8);
    expect(() => queue.refuseWhenFull("a")).toThrow(/tasks are already waiting/);
    expect(() => queue.refuseWhenFull("b")).toThrow(/tasks are already waiting/);
    expect(() => queue.refuseWhenFull("c")).not.toThrow();
    await endAll();
    expect(await Promise.all(works)).toEqual([...Array(5).fill("done"), ...Array(4).fill("OVERLOADED")]);
    expect(await Promise.all(others)).toEqual([...Array(4).fill("done"), "OVERLOADED"]);
  });

  test("named clients take turns in a work queue", async () => {
    const { order, add, endAll } = filled(4);
    void add("b", "b0");
    void add("b", "b1");
    await endAll();
    expect(order).toEqual(["a0", "b0", "a1", "b1", "a2"]);
  });

  test("a single named client may use the whole work queue", async () => {
    const { add, works, endAll } = filled(8);
    expect(await add("a", "late")).toBe("OVERLOADED");
    await endAll();
    expect(await Promise.all(works)).toEqual(Array(9).fill("done"));
  });
});

test("a background task starts when no other one waits, regardless of their order (order by hand)", async () => {
  const queue = new WorkQueue({ concurrency: 1, limit: 8 });
  const order: string[] = [];
  const add = (name: string, background: boolean) =>
    queue.run(async () => order.push(name), undefined, { client: name, background });
  const works = [
    add("running", true),
    add("row 1", true),
    add("row 2", true),
    add("single 1", false),
    add("single 2", false),
  ];
  await Promise.resolve();
  expect([queue.waiting, queue.foreground]).toEqual([4, 2]);
  await Promise.all(works);
  expect(order).toEqual(["running", "single 1", "single 2", "row 1", "row 2"]);
});
