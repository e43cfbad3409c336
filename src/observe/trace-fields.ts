import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Header fields by which a server continues a trace: `traceparent`, and `tracestate` if there is
 * one (W3C Trace Context, 3). Plain data that can be sent to a thread.
 */
export type TraceFields = Readonly<Record<string, string>>;

/** The fields that were sent with the task that is running here. */
const received = new AsyncLocalStorage<TraceFields>();

let ofActiveSpan: () => TraceFields | undefined = () => undefined;

/**
 * Sets how the fields of the active span are found. Threads that only execute tasks do without:
 * they would load the API of OpenTelemetry for nothing.
 */
export function readActiveSpanBy(read: () => TraceFields | undefined): void {
  ofActiveSpan = read;
}

/**
 * The fields for a request or a task that belongs to what is being done: those of the active span,
 * or those received with the task. Undefined without an SDK, or outside of any trace.
 */
export function traceFields(): TraceFields | undefined {
  return received.getStore() ?? ofActiveSpan();
}

/** Runs a task with the trace fields that were sent with it. */
export function withTraceFields<T>(fields: TraceFields | undefined, task: () => Promise<T>): Promise<T> {
  return fields === undefined ? task() : received.run(fields, task);
}
