/** A metric family as Prometheus describes it. */
export interface MetricFamily {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
}

/**
 * Every family that GET /metrics can show, in order. Counters of an ended worker stay in the sum
 * until the master is replaced.
 */
export const METRIC_FAMILIES: Readonly<Record<string, MetricFamily>> = {
  sbnsis_build_info: { type: "gauge", help: "Workers that serve requests, by version." },
  sbnsis_workers: { type: "gauge", help: "Workers that accept requests." },
  sbnsis_worker_deaths_total: { type: "counter", help: "Workers that ended unexpectedly." },
  sbnsis_log_lines_lost_total: {
    type: "counter",
    help: "Log lines dropped because they could not be written.",
  },
  sbnsis_log_files_failing: {
    type: "gauge",
    help: "Log files that cannot be written, or reopened after a rotation, summed over all processes.",
  },
  sbnsis_http_requests_total: { type: "counter", help: "Responses by route, method and status." },
  sbnsis_http_request_duration_seconds: {
    type: "histogram",
    help: "Time from the header of a request to the last byte of its response, by route.",
  },
  sbnsis_http_response_bytes_total: {
    type: "counter",
    help: "Bytes of response bodies (Content-Length), by route.",
  },
  sbnsis_http_aborted_total: {
    type: "counter",
    help: "Requests whose client disconnected before the response was complete.",
  },
  sbnsis_http_requests_in_flight: { type: "gauge", help: "Requests in progress." },
  sbnsis_products_total: {
    type: "counter",
    help: "Products served, by format and origin: made, from the cache, or archived files.",
  },
  sbnsis_product_seconds_total: {
    type: "counter",
    help: "Time to find or make products, by format and origin.",
  },
  sbnsis_compute_seconds_total: {
    type: "counter",
    help: "Time spent by compute threads on reading, decoding, encoding and writing.",
  },
  sbnsis_compute_tasks_total: { type: "counter", help: "Tasks completed by compute threads." },
  sbnsis_compute_timeouts_total: {
    type: "counter",
    help: "Tasks that took longer than SBNSIS_TASK_SECONDS.",
  },
  sbnsis_compute_threads_ended_total: {
    type: "counter",
    help: "Compute threads that were terminated and replaced because they did not stop after a timeout or a cancellation.",
  },
  sbnsis_queue_waiting: { type: "gauge", help: "Tasks waiting for a compute thread." },
  sbnsis_queue_running: { type: "gauge", help: "Tasks running in compute threads." },
  sbnsis_queue_limit: { type: "gauge", help: "Maximum number of waiting tasks." },
  sbnsis_product_store_total: {
    type: "counter",
    help: "Products of SBNSIS_PRODUCT_STORE by outcome: found, missing, stored, failed.",
  },
  sbnsis_shed_total: {
    type: "counter",
    help: "Requests refused because of overload or the rate limit, by reason.",
  },
  sbnsis_errors_total: { type: "counter", help: "Error responses by code." },
  sbnsis_process_resident_memory_bytes: { type: "gauge", help: "Resident memory of each process." },
  sbnsis_process_heap_bytes: { type: "gauge", help: "JavaScript heap in use of each worker." },
  sbnsis_descriptor_failures_total: {
    type: "counter",
    help: "Files and connections that could not be opened because of the limit of open files (ulimit -n, LimitNOFILE).",
  },
  sbnsis_process_cpu_seconds_total: { type: "counter", help: "CPU time of workers." },
  sbnsis_event_loop_delay_seconds: {
    type: "gauge",
    help: "Event loop delay of each worker in the last ten seconds (resolution 10 ms): median, 99th percentile and maximum.",
  },
  sbnsis_process_start_time_seconds: {
    type: "gauge",
    help: "Start time of each worker, in seconds since 1970.",
  },
};
