import { afterEach, describe, expect, test } from "vitest";
import { connectionsToClose } from "../../../src/cluster/master/worker-pool.ts";
import { createMetrics } from "../../../src/observe/metrics.ts";
import { addSamples, exposition, lastingSamples, seriesName } from "../../../src/observe/samples.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

describe("metrics, by Prometheus's text format 0.0.4", () => {
  test("buckets of a histogram are cumulative and end with +Inf, the count (text format 0.0.4)", () => {
    const metrics = createMetrics();
    for (const seconds of [0.0005, 0.001, 0.3, 1000]) {
      metrics.observe("sbnsis_http_request_duration_seconds", { route: "/query" }, seconds);
    }
    const samples = metrics.samples();
    const bucket = (le: string) =>
      samples[`sbnsis_http_request_duration_seconds_bucket{route="/query",le="${le}"}`];
    expect([bucket("0.001"), bucket("0.25"), bucket("0.5"), bucket("60"), bucket("+Inf")]).toEqual([
      2, 2, 3, 3, 4,
    ]);
    expect(samples['sbnsis_http_request_duration_seconds_count{route="/query"}']).toBe(4);
    expect(samples['sbnsis_http_request_duration_seconds_sum{route="/query"}']).toBeCloseTo(1000.3015, 9);
  });

  test("label values are escaped (text format 0.0.4)", () => {
    expect(seriesName("a", { b: 'quote " backslash \\ line\n' })).toBe(
      'a{b="quote \\" backslash \\\\ line\\n"}',
    );
  });

  test("metrics of processes are summed series by series; only counters survive a process", () => {
    const one = { sbnsis_queue_waiting: 3, sbnsis_shed_total: 2, 'sbnsis_errors_total{code="X"}': 1 };
    const two = { sbnsis_queue_waiting: 4, sbnsis_shed_total: 5 };
    expect(addSamples([one, two])).toEqual({
      sbnsis_queue_waiting: 7,
      sbnsis_shed_total: 7,
      'sbnsis_errors_total{code="X"}': 1,
    });
    expect(lastingSamples(one)).toEqual({ sbnsis_shed_total: 2, 'sbnsis_errors_total{code="X"}': 1 });
  });

  test("each metric family has one HELP and one TYPE before its series", () => {
    const text = exposition({
      'sbnsis_shed_total{reason="queue"}': 1,
      sbnsis_workers: 2,
      'sbnsis_shed_total{reason="rate"}': 3,
    });
    expect(text).toBe(
      `${[
        "# HELP sbnsis_workers Workers that accept requests.",
        "# TYPE sbnsis_workers gauge",
        "sbnsis_workers 2",
        "# HELP sbnsis_shed_total Requests refused because of overload or the rate limit, by reason.",
        "# TYPE sbnsis_shed_total counter",
        'sbnsis_shed_total{reason="queue"} 1',
        'sbnsis_shed_total{reason="rate"} 3',
      ].join("\n")}\n`,
    );
  });
});

describe("GET /metrics", () => {
  let service: TestService;
  afterEach(() => service.close());

  test("/metrics counts responses by route, method and status, products by format and origin, errors by code; no secrets", async () => {
    service = await testService({ env: { BASE_HREF: "/api", DB_PASSWORD: "hunter2-secret" } });
    const { app } = service;
    await app.inject(`/api/images/${KNOWN_ID}`);
    await app.inject({ method: "HEAD", url: `/api/images/${KNOWN_ID}` });
    await app.inject("/api/images/unknown");
    await app.inject("/nowhere");
    const answer = await app.inject("/api/metrics");
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = answer.body.split("\n");
    for (const line of [
      'sbnsis_http_requests_total{route="/images/:id",method="GET",status="200"} 1',
      'sbnsis_http_requests_total{route="/images/:id",method="HEAD",status="200"} 1',
      'sbnsis_http_requests_total{route="/images/:id",method="GET",status="404"} 1',
      'sbnsis_http_requests_total{route="other",method="GET",status="404"} 1',
      'sbnsis_products_total{format="fits",origin="cache"} 2',
      'sbnsis_errors_total{code="IMAGE_NOT_FOUND"} 1',
      "sbnsis_http_requests_in_flight 1",
    ]) {
      expect(lines).toContain(line);
    }
    expect(answer.body).not.toContain("hunter2");
    expect(answer.body).not.toContain(KNOWN_ID);
  });

  test("every line of /metrics is a comment or a sample, by the grammar of the format", async () => {
    service = await testService();
    await service.app.inject("/query");
    const { body } = await service.app.inject("/metrics");
    const sample = /^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? (\d+(\.\d+)?(e[+-]?\d+)?)$/;
    for (const line of body.trimEnd().split("\n")) {
      expect(line).toMatch(line.startsWith("#") ? /^# (HELP|TYPE) [a-z_]+ \S/ : sample);
    }
  });
});

describe("readiness", () => {
  let service: TestService;
  afterEach(() => service.close());

  test("readiness is 503 with the cause when no data root exists, and names no path", async () => {
    service = await testService({ env: { SBNSIS_DATA_ROOTS: "/nonexistent-one:/nonexistent-two" } });
    const answer = await service.app.inject("/ready");
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(answer.json()).toEqual({
      status: "not ready",
      checks: { database: "ok", cache: "ok", data_roots: "0 of 2 reachable" },
    });
    expect((await service.app.inject("/health")).json()).toEqual({ status: "alive" });
  });

  test("readiness needs one data root of two; a cache that is a file is not ready", async () => {
    service = await testService({ env: { SBNSIS_DATA_ROOTS: "/nonexistent-one:/" } });
    expect((await service.app.inject("/ready")).json()).toMatchObject({ status: "ready" });
    await service.close();
    service = await testService({ env: { SBNSIS_CUTOUT_CACHE: "/dev/null" } });
    expect((await service.app.inject("/ready")).json().checks.cache).toBe("not writable");
  });
});

describe("balance of connections, by hand", () => {
  test.each([
    [
      [8, 0],
      [4, 0],
    ],
    [
      [5, 3],
      [0, 0],
    ],
    [
      [4, 4, 4, 4],
      [0, 0, 0, 0],
    ],
    [
      [100, 0, 0, 0],
      [75, 0, 0, 0],
    ],
    [[], []],
  ])("of workers with %j connections, %j are told to close (by hand)", (connections, let_go) => {
    expect(connectionsToClose(connections)).toEqual(let_go);
  });
});
