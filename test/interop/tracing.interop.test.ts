import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, expect, test } from "vitest";
import { cutoutUrl, imageAt, productApp, smallFrame } from "../support/products/product-app.ts";

const folder = mkdtempSync(join(tmpdir(), "sbnsis-tracing-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("with an SDK of OpenTelemetry, a cutout is one trace of the caller: the request, with catalog, locate, make and describe below it (its exporter)", async () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  const file = join(folder, "a.fits");
  writeFileSync(file, smallFrame());
  const service = await productApp([imageAt("a", `file://${file}`)], {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
  });
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const { statusCode } = await service.app.inject({ url: cutoutUrl("a"), headers });
  await service.close();
  expect([statusCode, service.records.map(({ trace_id }) => trace_id)]).toEqual([200, [traceId, traceId]]);
  const spans = exporter.getFinishedSpans();
  expect(spans.every((span) => span.spanContext().traceId === traceId)).toBe(true);
  const request = spans.find(({ name }) => name === "GET /images/:id");
  expect([request?.parentSpanContext?.spanId, request?.attributes]).toEqual([
    "00f067aa0ba902b7",
    {
      "http.request.method": "GET",
      "http.route": "/images/:id",
      "sbnsis.job_id": service.records[0]?.job_id,
      "http.response.status_code": 200,
    },
  ]);
  const below = spans.filter((span) => span.parentSpanContext?.spanId === request?.spanContext().spanId);
  expect(below.map(({ name }) => name).toSorted()).toEqual(["catalog", "describe", "locate", "make"]);
});
