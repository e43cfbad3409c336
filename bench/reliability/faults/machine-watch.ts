import { spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";

const EVERY_MS = 250;
const TICK_MS = 100;
/** A bare server responds within milliseconds; one that takes this long gets no processor. */
const LATE_MS = 1_000;
const PROGRAM = `require("node:http").createServer((_, answer) => answer.end("x"))
  .listen(0, "127.0.0.1", function () { process.stdout.write(String(this.address().port)); })`;

/**
 * Detects whether the machine itself is slow: a process that does nothing but respond receives four
 * requests a second.
 */
export interface MachineWatch {
  /** Whether it was late at any time since a moment of `performance.now()`. */
  readonly wasLate: (since: number) => boolean;
  /** Fraction of responses that were late. */
  readonly latePart: () => number;
  /** The longest time to a response, in milliseconds. */
  readonly longest: () => number;
  /** The longest stall of this process, milliseconds. */
  readonly longestPause: () => number;
  readonly close: () => void;
}

export async function watchMachine(): Promise<MachineWatch> {
  const child = spawn(process.execPath, ["-e", PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const open = new Set<number>();
  let [asked, late, longest, lateUntil] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  let longestPause = 0;
  const ask = () => {
    const begun = performance.now();
    open.add(begun);
    asked += 1;
    const end = () => {
      if (!open.delete(begun)) return;
      const took = performance.now() - begun;
      longest = Math.max(longest, took);
      if (took < LATE_MS) return;
      late += 1;
      lateUntil = performance.now();
    };
    get({ host: "127.0.0.1", port: Number(port.toString()), agent: false }, (answer) => {
      answer.resume().once("end", end);
    }).once("error", end);
  };
  // a stalled machine stalls this process as well
  let ticked = performance.now();
  const ticker = setInterval(() => {
    const now = performance.now();
    longestPause = Math.max(longestPause, now - ticked);
    if (now - ticked > LATE_MS) lateUntil = now;
    ticked = now;
  }, TICK_MS);
  const timer = setInterval(ask, EVERY_MS);
  return {
    wasLate: (since) => lateUntil >= since || [...open].some((begun) => performance.now() - begun >= LATE_MS),
    latePart: () => late / Math.max(1, asked),
    longest: () => longest,
    longestPause: () => longestPause,
    close: () => {
      clearInterval(timer);
      clearInterval(ticker);
      child.kill();
    },
  };
}
