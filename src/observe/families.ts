/** A family of series, as Prometheus tells of it. */
export interface MetricFamily {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
}

/** Every family that GET /metrics can show, in its order. Counters of a process that ended stay in the sum until the master changes. */
export const METRIC_FAMILIES: Readonly<Record<string, MetricFamily>> = {
  sbnsis_build_info: { type: "gauge", help: "Processes by version that answer requests." },
  sbnsis_workers: { type: "gauge", help: "Workers that take requests." },
  sbnsis_worker_deaths_total: { type: "counter", help: "Workers that ended without being told to." },
  sbnsis_log_lines_lost_total: {
    type: "counter",
    help: "Lines of the logs that were dropped because nothing took them.",
  },
  sbnsis_log_files_failing: {
    type: "gauge",
    help: "Log files that take no lines, or cannot be opened anew after a rotation, over all processes.",
  },
  sbnsis_http_requests_total: { type: "counter", help: "Answers by route, method and status." },
  sbnsis_http_request_duration_seconds: {
    type: "histogram",
    help: "Time from the head of a request to the last byte of its answer handed to the system, by route.",
  },
  sbnsis_http_response_bytes_total: { type: "counter", help: "Bytes of bodies announced, by route." },
  sbnsis_http_aborted_total: {
    type: "counter",
    help: "Requests whose client went before the answer was complete.",
  },
  sbnsis_http_requests_in_flight: { type: "gauge", help: "Requests that are being answered." },
  sbnsis_products_total: {
    type: "counter",
    help: "Products given, by format and whether they were made, in the cache, or archived files.",
  },
  sbnsis_product_seconds_total: {
    type: "counter",
    help: "Time to find or make products, by format and origin.",
  },
  sbnsis_compute_seconds_total: {
    type: "counter",
    help: "Time of compute threads: reading, decoding, encoding and writing.",
  },
  sbnsis_compute_tasks_total: { type: "counter", help: "Tasks that compute threads have done." },
  sbnsis_compute_timeouts_total: {
    type: "counter",
    help: "Tasks that took longer than SBNSIS_TASK_SECONDS.",
  },
  sbnsis_compute_threads_ended_total: {
    type: "counter",
    help: "Compute threads that were ended and replaced because they did not stop when their time was up or nobody waited any more.",
  },
  sbnsis_queue_waiting: { type: "gauge", help: "Tasks that wait for a compute thread." },
  sbnsis_queue_running: { type: "gauge", help: "Tasks in compute threads." },
  sbnsis_queue_limit: { type: "gauge", help: "Tasks that may wait; one more is shed." },
  sbnsis_shed_total: { type: "counter", help: "Requests refused to keep the service well, by reason." },
  sbnsis_errors_total: { type: "counter", help: "Problem documents by code." },
  sbnsis_process_resident_memory_bytes: { type: "gauge", help: "Resident memory of each process." },
  sbnsis_process_heap_bytes: { type: "gauge", help: "JavaScript heap in use of each worker." },
  sbnsis_descriptor_failures_total: {
    type: "counter",
    help: "Files and connections that could not be opened because too many are open: raise the limit (ulimit -n, LimitNOFILE).",
  },
  sbnsis_process_cpu_seconds_total: { type: "counter", help: "Processor time of workers." },
  sbnsis_event_loop_delay_seconds: {
    type: "gauge",
    help: "Delay of the event loop of each worker within ten seconds, at a resolution of ten milliseconds: median, 99th percentile and maximum.",
  },
  sbnsis_process_start_time_seconds: { type: "gauge", help: "Start of each worker, seconds since 1970." },
};
