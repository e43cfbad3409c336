import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLocked, tryLock } from "../../../src/concurrency/file-lock.ts";
import { thisOwner } from "../../../src/concurrency/lock-owner.ts";
import { makeOnce } from "../../../src/products/make/make-once.ts";
import { writeProduct } from "../../../src/products/make/write-product.ts";

const program = fileURLToPath(new URL("../../support/products/make-once-program.mjs", import.meta.url));
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-once-"));
  path = join(folder, "product");
});
afterEach(() => rmSync(folder, { recursive: true }));

type Maker = ChildProcessByStdio<null, Readable, null>;
const start = (milliseconds: number): Maker =>
  spawn(process.execPath, [program, path, String(milliseconds)], { stdio: ["ignore", "pipe", "inherit"] });

/** Everything that a maker prints until it ends. */
async function outcome(maker: Maker): Promise<string> {
  let text = "";
  maker.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(maker, "close");
  return text;
}
const timesMade = () => readFileSync(`${path}.log`, "utf8").trim().split("\n").length;
const locks = () => readdirSync(folder).filter((name) => /lock|part/.test(name));
const signal = new AbortController().signal;

test("of six processes that request one product at the same time, one makes it and five get it", async () => {
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcome(start(500))));
  expect(outcomes.sort()).toEqual(["found\n", "found\n", "found\n", "found\n", "found\n", "making\nmade\n"]);
  expect(timesMade()).toBe(1);
  expect(locks()).toEqual([]);
});

test("a maker that is killed is succeeded by one of those waiting", async () => {
  const killed = start(600_000);
  await once(killed.stdout, "data");
  const waiting = [outcome(start(200)), outcome(start(200)), outcome(start(200))];
  await new Promise((resolve) => setTimeout(resolve, 700));
  killed.kill("SIGKILL");
  expect((await Promise.all(waiting)).sort()).toEqual(["found\n", "found\n", "making\nmade\n"]);
  expect(timesMade()).toBe(2);
  expect(locks()).toEqual([]);
});

test("when a maker fails, the next one takes over", async () => {
  const failing = makeOnce(path, () => Promise.reject(new Error("no luck")), signal);
  await expect(failing).rejects.toThrow("no luck");
  expect(locks()).toEqual([]);
  const { made } = await makeOnce(path, async () => writeProduct(path, [Buffer.from("x")]), signal);
  expect([made, readFileSync(path, "latin1")]).toEqual([true, "x"]);
});

test("a process that waits for another's product stops when its clients disconnect", async () => {
  const lock = await tryLock(`${path}.lock`);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("gone")), 100);
  await expect(
    makeOnce(path, () => Promise.reject(new Error("not mine")), controller.signal),
  ).rejects.toThrow("gone");
  lock?.release();
});

test.each([
  ["whose id is another process's now", { birth: "1" }, 0, false],
  ["that has ended", { pid: 2 ** 22 - 3 }, 0, false],
  ["on another machine that was heard of lately", { place: "elsewhere", pid: 1 }, 20, true],
  ["on another machine that is silent", { place: "elsewhere", pid: 1 }, 40, false],
  ["that lives", {}, 0, true],
] as const)("a lock of an owner %s", async (_, change, silentSeconds, holds) => {
  const lock = `${path}.lock`;
  writeFileSync(lock, JSON.stringify({ ...thisOwner(), ...change }));
  const then = Date.now() / 1000 - silentSeconds;
  utimesSync(lock, then, then);
  expect(await isLocked(lock)).toBe(holds);
  expect(existsSync(lock)).toBe(holds);
  const taken = await tryLock(lock);
  expect(taken === undefined).toBe(holds);
  taken?.release();
});

test("a lock that was broken is not released by its former owner", async () => {
  const first = await tryLock(`${path}.lock`);
  rmSync(`${path}.lock`);
  const second = await tryLock(`${path}.lock`);
  first?.release();
  expect(await isLocked(`${path}.lock`)).toBe(true);
  second?.release();
  expect(locks()).toEqual([]);
});

test("locks are hard links to one file, which is recreated if it is gone", async () => {
  const first = await tryLock(`${path}.lock`);
  const second = await tryLock(`${path}2.lock`);
  const { ino, nlink } = statSync(`${path}.lock`);
  expect([statSync(`${path}2.lock`).ino, nlink]).toEqual([ino, 3]);
  first?.release();
  second?.release();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  const third = await tryLock(`${path}.lock`);
  expect(await isLocked(`${path}.lock`)).toBe(true);
  third?.release();
  expect(locks()).toEqual([]);
});

test("locks can be acquired after a file has reached its maximum number of links", async () => {
  (await tryLock(`${path}.lock`))?.release();
  const token = join(folder, readdirSync(folder).find((name) => name.startsWith("owner."))!);
  try {
    // ext4 allows 65,000
    for (let i = 0; i < 66_000; i++) linkSync(token, join(folder, `name${i}`));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("EMLINK");
  }
  const lock = await tryLock(`${path}.lock`);
  expect(lock).toBeDefined();
  expect(await tryLock(`${path}.lock`)).toBeUndefined();
  expect(await isLocked(`${path}.lock`)).toBe(true);
  lock?.release();
  expect(locks()).toEqual([]);
});
