import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, propagation, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { S3Bucket } from "../../../src/archive/store/s3-bucket.ts";
import { inSpan } from "../../../src/observe/tracing.ts";
import { type Archive, FAULTS, startArchive } from "../../support/archive/test-archive.ts";
import {
  cutoutUrl,
  imageAt,
  type ProductApp,
  productApp,
  smallFrame,
} from "../../support/products/product-app.ts";
import { builtProgram } from "../../support/servers/oracle-server.ts";
import { recordingRelay } from "../../support/servers/recording-relay.ts";
import { startS3Server } from "../../support/servers/s3-server.ts";

const folder = mkdtempSync(join(tmpdir(), "sbnsis-tracing-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
/** Fields of a client: its trace, vendor data of its tracing system, and private baggage. */
const CALLER = {
  traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
  tracestate: "rojo=00f067aa0ba902b7",
  baggage: "user=somebody",
};
const exporter = new InMemorySpanExporter();
let caches = 0;
const serve = (imageUrl: string, env: Record<string, string> = {}) =>
  productApp([imageAt("a", imageUrl)], { SBNSIS_CUTOUT_CACHE: join(folder, `cache${caches++}`), ...env });
/** The cutout that a client in the trace above receives. */
async function cutoutOf(service: ProductApp): Promise<void> {
  const { statusCode, body } = await service.app.inject({ url: cutoutUrl("a"), headers: CALLER });
  await service.close();
  if (statusCode !== 200) throw new Error(body);
}
/** Name of the span that a request of the caller's trace is below. */
function spanOf(traceparent: unknown): string | undefined {
  const [, spanId] = new RegExp(`^00-${TRACE_ID}-([0-9a-f]{16})-01$`).exec(String(traceparent)) ?? [];
  return exporter.getFinishedSpans().find((span) => span.spanContext().spanId === spanId)?.name;
}

beforeEach(() => {
  exporter.reset();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
});
afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

test("with an SDK of OpenTelemetry, a cutout is one trace of the caller: the request, with catalog, locate, make and describe below it (its exporter)", async () => {
  const file = join(folder, "a.fits");
  writeFileSync(file, smallFrame());
  const service = await serve(`file://${file}`);
  await cutoutOf(service);
  expect(service.records.map(({ trace_id }) => trace_id)).toEqual([TRACE_ID, TRACE_ID]);
  const spans = exporter.getFinishedSpans();
  expect(spans.every((span) => span.spanContext().traceId === TRACE_ID)).toBe(true);
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

test("requests of threads to an archive carry the step of the caller's trace and its tracestate, no baggage, on hops to configured hosts only (W3C Trace Context, 3.2 and 3.3; what the hosts received)", async () => {
  const front = await startArchive(smallFrame());
  const store = await startArchive(smallFrame());
  try {
    front.faults.push(...Array.from({ length: 9 }, () => FAULTS.redirect(store.url)));
    await cutoutOf(await serve(front.url, { SBNSIS_REDIRECT_HOSTS: store.host }));
    expect(tracesAt(front)).toEqual([undefined]);
    expect(tracesAt(store)).toEqual(["locate", "make"]);
    expect(store.seen.every(({ headers }) => headers.tracestate === CALLER.tracestate)).toBe(true);
    expect(store.seen.some(({ headers }) => "baggage" in headers)).toBe(false);
    front.faults.length = 0;
    await cutoutOf(await serve(front.url, { SBNSIS_ALLOWED_HOSTS: front.host }));
    expect(tracesAt(front)).toEqual(["locate", "make", undefined]);
  } finally {
    await front.close();
    await store.close();
  }
});

test("without an SDK, an archive receives no field of the caller's trace (what it received)", async () => {
  for (const api of [trace, context, propagation]) api.disable();
  const archive = await startArchive(smallFrame());
  await cutoutOf(await serve(archive.url, { SBNSIS_ALLOWED_HOSTS: archive.host }));
  await archive.close();
  expect(archive.seen.length).toBeGreaterThan(1);
  const fields = archive.seen.flatMap(({ headers }) => Object.keys(headers));
  expect(fields).not.toContain("traceparent");
  expect(fields).not.toContain("tracestate");
});

const program = builtProgram("versitygw");

test.skipIf(program === undefined)(
  "requests to S3 stores carry the trace beside their signature, which is valid (versitygw, and what it received)",
  async () => {
    const server = await startS3Server(program!);
    const relay = await recordingRelay(new URL(server.options.endpoint!).host);
    const endpoint = `http://${relay.host}`;
    const bucket = new S3Bucket({ ...server.options, endpoint });
    try {
      const bytes = Buffer.from(smallFrame());
      await inSpan("store", {}, () => bucket.put("a.fits", bytes, bytes.length, {}));
      const service = await serve(`${server.options.location}/a.fits`, {
        SBNSIS_S3_ENDPOINT: endpoint,
        SBNSIS_S3_ACCESS_KEY_ID: server.options.accessKeyId,
        SBNSIS_S3_SECRET_ACCESS_KEY: server.options.secretAccessKey,
      });
      await cutoutOf(service);
      const heads = relay.received().match(/(?:GET|PUT) \/store\/.*?\r\n\r\n/gs) ?? [];
      const traces = heads.map((head) => /^traceparent: (.*)\r$/m.exec(head)?.[1]);
      expect(traces[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(new Set(traces.slice(1).map(spanOf))).toEqual(new Set(["locate", "make"]));
      const signed = heads.map((head) => /SignedHeaders=([^,]*),/.exec(head)?.[1]?.split(";"));
      for (const names of signed) {
        expect(names).toContain("host");
        expect(names).not.toContain("traceparent");
      }
    } finally {
      bucket.close();
      await relay.close();
      await server.destroy();
    }
  },
);

/** Names of the spans that the requests to an archive were below; undefined for none. */
function tracesAt({ seen }: Archive): (string | undefined)[] {
  return [...new Set(seen.map(({ headers }) => spanOf(headers.traceparent)))].toSorted();
}
