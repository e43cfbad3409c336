import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { readActiveSpanBy, type TraceFields } from "./trace-fields.ts";

/** Does nothing unless an OpenTelemetry SDK is loaded, for example with NODE_OPTIONS=--import. */
const tracer = trace.getTracer("sbnsis");

/** `traceparent` (W3C Trace Context, 3.2); later versions may append fields. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The trace that a request belongs to by its headers: as the SDK's propagators read them, otherwise
 * by `traceparent` alone, so that log lines name the trace without an SDK as well. A malformed
 * header is ignored (W3C Trace Context, 4.3).
 */
function incomingContext(headers: Readonly<Record<string, unknown>>): Context {
  const extracted = propagation.extract(ROOT_CONTEXT, headers);
  if (trace.getSpanContext(extracted) !== undefined) return extracted;
  const [, version, traceId = "", spanId = "", flags = "", rest] =
    TRACEPARENT.exec(String(headers.traceparent)) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return extracted;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(extracted, spanContext) : extracted;
}

/**
 * What carries the active span to the next server, as the SDK's propagators write it. Baggage is
 * left out: clients set it, and archives have no use for it.
 */
function activeSpanFields(): TraceFields | undefined {
  // as without an SDK
  if (propagation.fields().length === 0) return undefined;
  const written: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(context.active(), written);
  const { traceparent, tracestate } = written;
  if (traceparent === undefined) return undefined;
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}
readActiveSpanBy(activeSpanFields);

/** A request within its trace, and how long its steps took. */
export class RequestTrace {
  readonly #span: Span;
  readonly #context: Context;
  readonly #steps = new Map<string, number>();

  constructor(name: string, headers: Readonly<Record<string, unknown>>, attributes: Attributes) {
    const parent = incomingContext(headers);
    this.#span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    this.#context = trace.setSpan(parent, this.#span);
  }

  /** Id of the trace for log lines, 32 hexadecimal digits; undefined when there is none. */
  get traceId(): string | undefined {
    const spanContext = this.#span.spanContext();
    return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  }

  /** Runs one step of the request as a span below it; the same step again adds to its time. */
  readonly step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    try {
      return await inSpan(name, {}, work, this.#context);
    } finally {
      const before = this.#steps.get(name) ?? 0;
      this.#steps.set(name, before + performance.now() - started);
    }
  };

  /** Value of Server-Timing (W3C Server Timing, 3): milliseconds of each step so far. */
  serverTiming(): string {
    return [...this.#steps].map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(", ");
  }

  /** Ends the span of the request. */
  end(status: number): void {
    this.#span.setAttribute("http.response.status_code", status);
    if (status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}

/** Runs `work` in a span below the current one, or below that of `parent`. */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  parent: Context = context.active(),
): Promise<T> {
  const span = tracer.startSpan(name, { attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
