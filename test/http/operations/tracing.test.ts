import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { cutoutUrl, imageAt, productApp, smallFrame } from "../../support/products/product-app.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("tracing without an SDK", () => {
  let service: TestService | undefined;
  afterEach(async () => {
    await service?.close();
    service = undefined;
  });
  const records = () =>
    (service?.lines ?? []).map(
      (line) => JSON.parse(line.slice(line.indexOf("{"))) as Record<string, unknown>,
    );

  test("both lines of a request and the line of its error name the trace of traceparent (W3C Trace Context, 3.2)", async () => {
    service = await testService();
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    await service.app.inject({ url: `/images/${KNOWN_ID}`, headers });
    service.fail(new Error("broken"));
    await service.app.inject({ url: `/images/${KNOWN_ID}`, headers });
    const found = records();
    expect(found.length).toBe(4);
    expect(found.map((record) => record.trace_id)).toEqual([TRACE, TRACE, TRACE, TRACE]);
  });

  test.each([
    ["none", undefined],
    ["of version ff", `ff-${TRACE}-00f067aa0ba902b7-01`],
    ["with zeros as trace", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`],
    ["with zeros as parent", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["with capitals", `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`],
    ["too long for its version", `00-${TRACE}-00f067aa0ba902b7-01-x`],
    ["with a line end", `00-${TRACE}-00f067aa0ba902b7-01"}`],
  ])(
    "a traceparent %s is ignored: log lines are those of the Python service (W3C Trace Context, 4.3)",
    async (_kind, traceparent) => {
      service = await testService();
      const headers = traceparent === undefined ? {} : { traceparent };
      const { statusCode } = await service.app.inject({ url: `/images/${KNOWN_ID}`, headers });
      expect([statusCode, ...records().map((record) => "trace_id" in record)]).toEqual([200, false, false]);
    },
  );

  test("a traceparent of a later version may have further fields (W3C Trace Context, 3.2.4)", async () => {
    service = await testService();
    const headers = { traceparent: `01-${TRACE}-00f067aa0ba902b7-01-later` };
    await service.app.inject({ url: `/images/${KNOWN_ID}`, headers });
    expect(records()[0]?.trace_id).toBe(TRACE);
  });

  test("Server-Timing names the steps of a cutout in milliseconds, and fewer for one from the cache; pages may read it (W3C Server Timing, 3)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sbnsis-timing-"));
    const file = join(folder, "a.fits");
    writeFileSync(file, smallFrame());
    const env = { SBNSIS_CUTOUT_CACHE: join(folder, "cache") };
    const { app, close } = await productApp([imageAt("a", `file://${file}`)], env);
    const answers = [await app.inject(cutoutUrl("a")), await app.inject(cutoutUrl("a"))];
    await close();
    rmSync(folder, { recursive: true });
    const names = answers.map(({ headers }) =>
      String(headers["server-timing"])
        .split(", ")
        .map((step) => /^(\w+);dur=\d+\.\d$/.exec(step)?.[1]),
    );
    expect(names[0]?.toSorted()).toEqual(["catalog", "describe", "locate", "make"]);
    expect(names[1]).toEqual(expect.arrayContaining(["catalog", "locate"]));
    expect(names[1]).not.toContain("describe");
    expect(answers[0]?.headers).toMatchObject({ "timing-allow-origin": "*" });
    expect(answers[0]?.headers["access-control-expose-headers"]).toContain("Server-Timing");
  });
});
