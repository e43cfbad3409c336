import { addSamples, type Samples, seriesName } from "../../observe/samples.ts";
import type { ProductService } from "../../products/product.ts";

/** Load of the compute threads as metrics. */
export function productSamples(load: ReturnType<ProductService["load"]>): Samples {
  return addSamples(
    Object.entries(load).map(
      ([pool, { waiting, running, limit, tasks, seconds, timeouts = 0, endedThreads = 0 }]) => ({
        [seriesName("sbnsis_queue_waiting", { pool })]: waiting,
        [seriesName("sbnsis_queue_running", { pool })]: running,
        [seriesName("sbnsis_queue_limit", { pool })]: limit,
        [seriesName("sbnsis_compute_tasks_total", { pool })]: tasks,
        [seriesName("sbnsis_compute_seconds_total", { pool })]: seconds,
        [seriesName("sbnsis_compute_timeouts_total", { pool })]: timeouts,
        [seriesName("sbnsis_compute_threads_ended_total", { pool })]: endedThreads,
      }),
    ),
  );
}
