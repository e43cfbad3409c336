import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const WARM_UP = 200;

/** The value below which a part of all values is. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Milliseconds of one request until its last byte. */
function timed(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const request = get(url, { agent, timeout: 60_000 }, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve(performance.now() - start);
        else reject(new Error(`${url}: ${answer.statusCode}`));
      });
    });
    request.once("timeout", () => request.destroy(new Error(`${url}: no answer in a minute`)));
    request.once("error", reject);
  });
}

/** Prints the median, 99th percentile and maximum of times in milliseconds. */
export function tellTimes(name: string, times: readonly number[], seconds: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(2).padStart(8);
  const rate = (times.length / seconds).toFixed(0).padStart(6);
  console.log(`${name.padEnd(58)} p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms, ${rate}/s`);
}

/** Sends requests from several clients, each one after another, and prints how long they took. */
export async function measure(
  name: string,
  next: () => string,
  { clients = 4, requests = 2000, seconds = 10 } = {},
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  // compilers and caches affect the first requests
  for (let i = 0; i < WARM_UP; i += 1) await timed(next(), agent);
  const times: number[] = [];
  const begin = performance.now();
  const isOver = () => performance.now() - begin > seconds * 1000;
  let started = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (started < requests && !isOver()) {
        started += 1;
        times.push(await timed(next(), agent));
      }
    }),
  );
  agent.destroy();
  tellTimes(`${name}, ${clients} clients`, times, (performance.now() - begin) / 1000);
}

/** Addresses that wrk requests repeatedly. */
const WRK_ADDRESSES = 4000;

/**
 * The same with wrk, which needs so little processor time that it delays no response: clients in
 * JavaScript pause at times.
 * The first seconds, affected by compilers and caches, do not count.
 */
export function measureByWrk(name: string, next: () => string, { clients = 4, seconds = 10 } = {}): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-wrk-"));
  const script = join(folder, "addresses.lua");
  const addresses = Array.from({ length: WRK_ADDRESSES }, next);
  const { origin } = new URL(addresses[0]!);
  const paths = addresses.map((address) => JSON.stringify(address.slice(origin.length)));
  writeFileSync(
    script,
    `local paths = {${paths.join(",\n")}}\nlocal i = 0\nfunction request()\n  i = i % #paths + 1\n  return wrk.format("GET", paths[i])\nend\n`,
  );
  const run = (duration: number) =>
    execFileSync(
      "wrk",
      ["-t1", `-c${clients}`, `-d${duration}`, "--timeout", "60", "--latency", "-s", script, origin],
      {
        encoding: "utf8",
      },
    );
  run(2);
  const output = run(seconds);
  rmSync(folder, { recursive: true });
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`${name}: ${output}`);
  const at = (percent: number) => {
    const [, value = "", unit] = new RegExp(`${percent}% +([\\d.]+)(us|ms|s)`).exec(output) ?? [];
    const ms = Number(value) * (unit === "s" ? 1000 : unit === "us" ? 0.001 : 1);
    return ms.toFixed(2).padStart(8);
  };
  const rate = Number(/Requests\/sec: +([\d.]+)/.exec(output)?.[1]).toFixed(0);
  console.log(
    `${`${name}, ${clients} clients`.padEnd(58)} p50 ${at(50)} p99 ${at(99)} ms, ${rate.padStart(6)}/s`,
  );
}
