import { Agent, get } from "node:http";

const WARM_UP = 200;

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

/** Prints median, 99th percentile and maximum of times in milliseconds. */
export function tellTimes(name: string, times: readonly number[], seconds: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(2).padStart(8);
  const rate = (times.length / seconds).toFixed(0).padStart(6);
  console.log(`${name.padEnd(58)} p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms, ${rate}/s`);
}

/** Sends requests from several clients, one after another each, and prints how long they took. */
export async function measure(
  name: string,
  next: () => string,
  { clients = 4, requests = 2000, seconds = 10 } = {},
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  // compilers and caches have their part in the first requests
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
