import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { ComputePool } from "../../../src/products/threads/compute-pool.ts";
import { draws } from "../../support/draws.ts";

const module = new URL("../../../dist/products/threads/compute-pool.js", import.meta.url).href;

const starts = Math.max(10, draws(40));

/** Starts pools and closes them while their threads are still loading their program. */
const program = `
import { setTimeout as sleep } from "node:timers/promises";
import { ComputePool } from ${JSON.stringify(module)};
for (let i = 0; i < ${starts}; i++) {
  const pool = new ComputePool({ access: {}, threads: 2, idleThreads: 2, maximumQueue: 1 });
  await sleep(20 + (80 * i) / ${starts});
  await pool.close();
}
process.stdout.write("closed");
`;

test("closing a pool while its threads are loading does not abort the process (Node 20 does, when they load by require)", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  expect(stdout).toBe("closed");
});

const engine = (name: string) =>
  JSON.stringify(new URL(`../../../packages/${name}.js`, import.meta.url).href);
const dist = (name: string) => JSON.stringify(new URL(`../../../dist/${name}.js`, import.meta.url).href);

const closings = Math.max(6, draws(16));

/**
 * Closes pools while a picture of a whole frame is made and its second thread is starting or
 * working.
 */
const pictures = `
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadSettings } from ${dist("config/settings")};
import { sourceAccess } from ${dist("config/source-access")};
import { realCard, valueCard } from ${engine("fits/dist/header/write-card")};
import { imageHdu } from ${engine("fits/dist/write/write-image")};
import { ComputePool } from ${dist("products/threads/compute-pool")};
import { planPicture } from ${dist("products/plan/plan-picture")};
const folder = mkdtempSync(join(tmpdir(), "sis-pool-"));
const path = join(folder, "frame.fits");
const cards = [
  valueCard("CTYPE1", "RA---TAN"), valueCard("CTYPE2", "DEC--TAN"), realCard("CRVAL1", 10), realCard("CRVAL2", -35),
  realCard("CRPIX1", 1000), realCard("CRPIX2", 900), realCard("CD1_1", -4e-4), realCard("CD2_2", 4e-4),
];
const naxis = [2100, 2000];
const pixels = Int16Array.from({ length: naxis[0] * naxis[1] }, (_, i) => (i * 2654435761) >>> 24);
writeFileSync(path, imageHdu({ naxis, pixels, cards }));
const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
const cancelled = new Int32Array(new SharedArrayBuffer(4));
const pool = () => new ComputePool({ access, threads: 1, idleThreads: 0, maximumQueue: 1 });
const first = pool();
const frame = await first.run({ kind: "describe", location: path, preferredHdu: 0, cancelled });
const plan = planPicture(frame, { id: "x", format: "jpeg", align: false }, { maximumCutoutSize: 1024 }, { title: "T" });
const make = (pool) => pool.run({ kind: "picture", plan, path: join(folder, "p.jpeg"), cancelled });
const made = await make(first);
await first.close();
for (let i = 0; i < ${closings}; i++) {
  const closed = pool();
  const making = make(closed).then(() => "made", () => "ended");
  await sleep(60 + (240 * i) / ${closings});
  await closed.close();
  await making;
}
rmSync(folder, { recursive: true });
process.stdout.write("closed " + (made.size > 1e5));
`;

test("closing a pool while two threads make a picture does not abort the process", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", pictures]);
  expect(stdout).toBe("closed true");
});

test("warnings of a compute thread are reported by its pool", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sis-warn-"));
  const program = join(folder, "thread.mjs");
  writeFileSync(
    program,
    `import { parentPort } from "node:worker_threads";
    export function runInThread() {
      parentPort.postMessage({ warning: "look at this" });
      return { value: undefined };
    }`,
  );
  const warnings: string[] = [];
  const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
  const warn = (warning: string) => warnings.push(warning);
  const pool = new ComputePool({ access, threads: 1, maximumQueue: 1, warn, program });
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  await pool.run({ kind: "describe", location: "x", preferredHdu: 0, cancelled });
  await expect.poll(() => warnings).toEqual(["look at this"]);
  await pool.close();
  rmSync(folder, { recursive: true });
});

test("tasks that run or wait when a pool is closed at the end of a drain fail with CANCELLED, which is no fault of the service", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sis-pool-"));
  const program = join(folder, "thread.mjs");
  writeFileSync(
    program,
    `import { parentPort } from "node:worker_threads";
    export function runInThread() {
      parentPort.postMessage({ warning: "running" });
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    }`,
  );
  const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
  let running = 0;
  const warn = () => {
    running += 1;
  };
  const pool = new ComputePool({ access, threads: 1, maximumQueue: 1, warn, program });
  const run = () => {
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    return pool
      .run({ kind: "describe", location: "x", preferredHdu: 0, cancelled })
      .catch(({ code }) => code);
  };
  const outcomes = Promise.all([run(), run()]);
  await expect.poll(() => running).toBe(1);
  await pool.close();
  expect(await outcomes).toEqual(["CANCELLED", "CANCELLED"]);
  rmSync(folder, { recursive: true });
});

test.runIf(process.platform === "linux")(
  "a thread gives way alone, by as much as asked and at most to the lowest priority; that of the process is the same (oracle: getpriority of Linux)",
  async () => {
    const source = `
      import { getPriority } from "node:os";
      import { parentPort } from "node:worker_threads";
      import { lowerPriority } from ${dist("products/threads/thread-priority")};
      const before = getPriority(0);
      lowerPriority(0);
      const unchanged = getPriority(0);
      lowerPriority(3);
      const lower = getPriority(0);
      lowerPriority(40);
      parentPort.postMessage([before, unchanged, lower, getPriority(0)]);`;
    const own = getPriority(0);
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    const [seen] = await once(worker, "message");
    expect(seen).toEqual([own, own, own + 3, 19]);
    expect(getPriority(0)).toBe(own);
    await worker.terminate();
  },
);
