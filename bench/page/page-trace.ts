import type { CDPSession } from "playwright-core";
import { median, quantile } from "../service/latencies.ts";

/** An event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's processor time, where Chromium records it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Activity of the page's main thread while pictures were drawn. */
export interface DrawnFrames {
  /** Tasks that drew a frame: scripts, style, layout and paint; milliseconds. */
  readonly work: readonly number[];
  /** The longest task, milliseconds. */
  readonly longest: number;
}

const CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "toplevel", "__metadata"];

/** Records the main thread of a page during `work`, by a session with the browser. */
export async function traceFrames(session: CDPSession, work: () => Promise<void>): Promise<DrawnFrames> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly object[] }) => {
    events.push(...(value as readonly TraceEvent[]));
  };
  session.on("Tracing.dataCollected", collect);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES },
  });
  await work();
  const done = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await done;
  session.off("Tracing.dataCollected", collect);
  return drawnFrames(events);
}

function drawnFrames(events: readonly TraceEvent[]): DrawnFrames {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const fired = events.filter(({ name }) => name === "FireAnimationFrame");
  const mains = new Map<string, number>();
  for (const event of fired) mains.set(threadOf(event), (mains.get(threadOf(event)) ?? 0) + 1);
  const [main] = [...mains].sort((a, b) => b[1] - a[1])[0] ?? [];
  const own = events.filter((event) => threadOf(event) === main).sort((a, b) => a.ts - b.ts);
  const isTask = ({ name, ph, dur }: TraceEvent) => name === "RunTask" && ph === "X" && dur !== undefined;
  const tasks = own.filter(isTask);
  const ms = ({ dur = 0, tdur = dur }: TraceEvent) => tdur / 1000;
  const drawing = tasks.filter(({ ts, dur = 0 }) =>
    own.some(({ name, ts: at }) => name === "FireAnimationFrame" && at >= ts && at <= ts + dur),
  );
  return { work: drawing.map(ms), longest: Math.max(0, ...tasks.map(ms)) };
}

/**
 * 95th percentile of how much the times between two images differ from their median, milliseconds.
 * @param drawn times at which something was drawn; several within 50 ms draw one image
 */
export function jitter(drawn: readonly number[]): number {
  const images = drawn.filter((time, k) => k === 0 || time - drawn[k - 1]! > 50);
  const intervals = images.slice(1).map((time, k) => time - images[k]!);
  const middle = median(intervals);
  return quantile(
    intervals.map((interval) => Math.abs(interval - middle)),
    0.95,
  );
}
