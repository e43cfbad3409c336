import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { ComputePool, type ComputePoolOptions } from "../../../src/products/threads/compute-pool.ts";
import type { DescribeTask } from "../../../src/products/threads/compute-task.ts";
import { MemoryBudget } from "../../../src/products/threads/memory-budget.ts";
import {
  cutoutUrl,
  imageAt,
  type ProductApp,
  productApp,
  smallFrame,
} from "../../support/products/product-app.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));
let pool: ComputePool | undefined;
let service: ProductApp | undefined;
afterEach(async () => {
  await pool?.close();
  await service?.close();
  pool = undefined;
  service = undefined;
});

/** A thread that acts according to the location of its task. */
const program = join(folder, "thread.mjs");
writeFileSync(
  program,
  `import { writeFileSync } from "node:fs";
  export async function runInThread({ location, cancelled, memory }) {
    if (location === "hang") for (;;);
    if (location === "hold") {
      Atomics.add(memory.used, 0, 1000);
      Atomics.add(memory.task, 0, 1000);
      for (;;);
    }
    if (location === "stop") {
      while (Atomics.load(cancelled, 0) === 0);
      return { thrown: { code: "CANCELLED", message: "stopped", details: {} } };
    }
    return { value: undefined };
  }`,
);

const start = (options: Partial<ComputePoolOptions>) => {
  const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
  pool = new ComputePool({ access, threads: 1, maximumQueue: 9, program, graceMs: 50, ...options });
  return pool;
};
const task = (location: string): DescribeTask => ({
  kind: "describe",
  location,
  preferredHdu: 0,
  cancelled: new Int32Array(new SharedArrayBuffer(4)),
});

test("a thread that hangs is terminated when its time is up, its memory is released, and the next task has a new one", async () => {
  const budget = new MemoryBudget(2 ** 30);
  const { run, load } = { run: start({ taskMs: 2000, budget }).run.bind(pool), load: () => pool!.load };
  const hung = run(task("hold"));
  const next = run(task("quick"));
  await expect(hung).rejects.toMatchObject({ code: "TASK_TIMEOUT", status: 500 });
  expect(await next).toBeUndefined();
  expect(load()).toMatchObject({ timeouts: 1, endedThreads: 1, running: 0 });
  expect(budget.used).toBe(0);
});

test("a task that stops by itself when its time is up keeps its thread", async () => {
  // enough for a thread of a busy machine to stop
  await expect(start({ taskMs: 300, graceMs: 10_000 }).run(task("stop"))).rejects.toMatchObject({
    code: "TASK_TIMEOUT",
  });
  expect(pool!.load).toMatchObject({ timeouts: 1, endedThreads: 0 });
});

test("a thread that keeps working after its client disconnected is terminated", async () => {
  const client = new AbortController();
  const hung = start({}).run(task("hang"), client.signal);
  const next = pool!.run(task("quick"));
  await expect.poll(() => pool!.load.running).toBe(1);
  client.abort();
  await expect(hung).rejects.toMatchObject({ code: "CANCELLED" });
  expect(await next).toBeUndefined();
  expect(pool!.load).toMatchObject({ timeouts: 0, endedThreads: 1 });
});

const MEMORY = 64 * 2 ** 20;
const serve = async (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  service = await productApp([imageAt("a", pathToFileURL(path).href)], {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
    SBNSIS_MEMORY_BYTES: String(MEMORY),
  });
  return service.app;
};

/** A frame followed by more bytes than the worker may use. */
const bomb = gzipSync(Buffer.concat([smallFrame(), Buffer.alloc(MEMORY)]), { level: 1 });

test.each<[string, string, Uint8Array]>([
  ["gzip file that says its length", "a.fits.gz", bomb],
  [
    "gzip file of two members, of which the last is small",
    "b.fits.gz",
    Buffer.concat([bomb, gzipSync(Buffer.alloc(2880))]),
  ],
])(
  "a %s that expands beyond a worker's memory is refused, and the next request is served",
  async (_, name, bytes) => {
    const app = await serve(name, bytes);
    for (let turn = 0; turn < 2; turn++) {
      const answer = await app.inject(cutoutUrl("a"));
      expect([answer.statusCode, answer.json().code]).toEqual([507, "MEMORY_EXCEEDED"]);
    }
    expect(readdirSync(join(folder, "cache", "sbnsis-products"), { recursive: true }).join()).not.toMatch(
      /part/,
    );
  },
);

test("a gzip file that fits is unpacked, also with tape padding after it", async () => {
  const app = await serve("c.fits.gz", Buffer.concat([gzipSync(smallFrame()), Buffer.alloc(512)]));
  expect((await app.inject(cutoutUrl("a"))).statusCode).toBe(200);
});
