import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { exhaustionCount, residentBytes } from "../concurrency/exhaustion.ts";
import { type Samples, seriesName } from "./samples.ts";

/**
 * Watches this process: memory, processor time and the event loop's delay within windows of
 * `WINDOW_MS`.
 */
export function watchProcess(version: string): () => Samples {
  const { pid } = process;
  const started = Date.now() / 1000 - process.uptime();
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  let window = delays();
  let windowEnd = performance.now() + WINDOW_MS;
  function delays() {
    const seconds = (nanoseconds: number) =>
      Math.max(0, (Number.isFinite(nanoseconds) ? nanoseconds : 0) / 1e9);
    return {
      0.5: seconds(histogram.percentile(50)),
      0.99: seconds(histogram.percentile(99)),
      1: seconds(histogram.max),
    };
  }
  return () => {
    if (performance.now() >= windowEnd) {
      window = delays();
      histogram.reset();
      windowEnd = performance.now() + WINDOW_MS;
    }
    const { user, system } = process.cpuUsage();
    const samples: Record<string, number> = {
      [seriesName("sbnsis_build_info", { version })]: 1,
      [seriesName("sbnsis_process_resident_memory_bytes", { pid, role: "worker" })]: residentBytes(),
      [seriesName("sbnsis_process_heap_bytes", { pid })]: getHeapStatistics().used_heap_size,
      [seriesName("sbnsis_process_start_time_seconds", { pid })]: started,
      sbnsis_descriptor_failures_total: exhaustionCount(),
      sbnsis_process_cpu_seconds_total: (user + system) / 1e6,
    };
    for (const [quantile, value] of Object.entries(window)) {
      samples[seriesName("sbnsis_event_loop_delay_seconds", { pid, quantile })] = value;
    }
    return samples;
  };
}

const WINDOW_MS = 10_000;
