import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BatchService, batchService } from "../../support/batch-service.ts";
import { skyLid } from "../../support/inputs/sky-archive.ts";

let service: BatchService;
let app: FastifyInstance;

beforeAll(async () => {
  service = await batchService(20, {
    SBNSIS_BATCH_ROWS: "50",
    SBNSIS_BATCH_BYTES: "20000",
    SBNSIS_BATCH_PIXELS: "100000",
  });
  app = service.app;
  service.runner.start();
});
afterAll(async () => {
  await service.close();
});

/** A list of a few rows on frames of the archive, of which the last is off its frame. */
const list = (label: string) =>
  `row,obs_id,ra,dec,label\n${[0, 1, 2, 3]
    .map((i) => `r${i},${skyLid(i)},${(i - 9) * 0.95 + 360},${i === 3 ? 50 : 0.1},${label}`)
    .join("\n")}\n`;

const post = (body: string | Buffer, url = "/batch?size=21px", headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url, payload: body, headers: { "content-type": "text/csv", ...headers } });

describe("POST /batch", () => {
  test("a posted list becomes a batch that ends with a result for every row, failures with their codes", async () => {
    const first = await post(list("a"), "/batch?size=21px&format=fits&format=png", { prefer: "wait=20" });
    expect([first.statusCode, first.headers["preference-applied"]]).toEqual([200, "wait=20"]);
    const { id, phase, rows, next_poll_s, form } = first.json();
    expect({ phase, rows, next_poll_s, form }).toEqual({
      phase: "COMPLETED",
      rows: { total: 4, done: 3, partial: 0, failed: 1, skipped: 0 },
      next_poll_s: null,
      form: "csv",
    });
    expect(first.headers.location).toMatch(new RegExp(`/batch/${id}$`));
    const manifest = (await app.inject(`/batch/${id}/manifest.json`)).json();
    expect(
      manifest.rows.map(({ row, status, code }: Record<string, unknown>) => [row, status, code]),
    ).toEqual([
      ["r0", "done", null],
      ["r1", "done", null],
      ["r2", "done", null],
      ["r3", "failed", "OFF_IMAGE"],
    ]);
    // the addresses of the manifest are those of this service, and give the bytes that it states
    const { fits_url, fits_bytes, fits_etag } = manifest.rows[0];
    const product = await app.inject(fits_url.replace(/^https?:\/\/[^/]+/, ""));
    expect([product.statusCode, product.rawPayload.length, product.headers.etag]).toEqual([
      200,
      fits_bytes,
      fits_etag,
    ]);
  });

  test("posting the same list again, in any format, gives the same batch, complete at once", async () => {
    const first = (await post(list("b"), "/batch?size=21px", { prefer: "wait=20" })).json();
    const again = await post(list("b"));
    expect([again.statusCode, again.json().id]).toEqual([200, first.id]);
    const rows = list("b")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [row, obs_id, ra, dec, label] = line.split(",");
        return { row, obs_id, ra: Number(ra), dec: Number(dec), label };
      });
    const json = await post(JSON.stringify({ rows, size: "21px" }), "/batch", {
      "content-type": "application/json",
    });
    expect(json.json().id).toBe(first.id);
  });

  test("POST /batch with dry=true returns the rows as understood and makes nothing", async () => {
    const response = await post(`${list("c")}x,,1,2,no time\n`, "/batch?dry=true");
    expect(response.statusCode).toBe(200);
    const { rows, id, ignored_columns } = response.json();
    expect(rows.map(({ code }: { code: string }) => code)).toEqual([null, null, null, null, "NO_TIME"]);
    expect(ignored_columns).toEqual([]);
    expect((await app.inject(`/batch/${id}`)).statusCode).toBe(404);
  });

  test.each([
    ["nothing that can be read", "hello", 400, "LIST_UNREADABLE"],
    ["no body", "", 400, "LIST_UNREADABLE"],
    ["too many rows", `obs_id,ra,dec\n${"a,1,2\n".repeat(51)}`, 413, "LIST_TOO_LARGE"],
    ["a body over its limit", "x".repeat(20_001), 413, "LIST_TOO_LARGE"],
    [
      "too many pixels",
      `obs_id,ra,dec,size\n${skyLid(0)},351.45,0.1,400px\n${skyLid(1)},352.4,0.1,400px\n`,
      413,
      "LIST_TOO_LARGE",
    ],
  ])("a batch with %s is refused before any work", async (_, body, status, code) => {
    const response = await post(body);
    expect([response.statusCode, response.json().code, response.headers["content-type"]]).toEqual([
      status,
      code,
      "application/problem+json",
    ]);
  });

  test("a batch option that is not allowed is named", async () => {
    const response = await post(list("d"), "/batch?size=big");
    expect([response.statusCode, response.json().parameter]).toEqual([400, "size"]);
  });

  test("routes other than POST /batch keep their small limit for bodies", async () => {
    const response = await app.inject({ method: "POST", url: "/query", payload: "x".repeat(10_000) });
    expect(response.statusCode).toBe(405);
  });
});

describe("a batch", () => {
  test("manifests of a batch as CSV and VOTable have all columns; after, maxrec and status select rows", async () => {
    const { id } = (await post(list("e"), "/batch?size=21px", { prefer: "wait=20" })).json();
    const csv = await app.inject(`/batch/${id}/manifest.csv`);
    const lines = csv.payload.trim().split("\r\n");
    expect([lines.length, lines[0]!.split(",").slice(0, 4)]).toEqual([5, ["n", "row", "status", "code"]]);
    const votable = await app.inject(`/batch/${id}/manifest.vot`);
    expect(votable.payload.match(/<TR>/g)).toHaveLength(4);
    const page = (await app.inject(`/batch/${id}/manifest.json?after=1&maxrec=2`)).json();
    expect([page.rows.map(({ n }: { n: number }) => n), page.next]).toEqual([[2, 3], 3]);
    const failed = (await app.inject(`/batch/${id}/manifest.json?status=failed`)).json();
    expect([failed.count, failed.next, failed.total]).toEqual([1, null, 4]);
  });

  test("DELETE removes a batch; a missing one is 404 with a code", async () => {
    const { id } = (await post(list("f"), "/batch?size=21px", { prefer: "wait=20" })).json();
    expect((await app.inject({ method: "DELETE", url: `/batch/${id}` })).statusCode).toBe(204);
    for (const url of [`/batch/${id}`, "/batch/none", `/batch/${id}/manifest.json`]) {
      const gone = await app.inject(url);
      expect([gone.statusCode, gone.json().code]).toEqual([404, "JOB_NOT_FOUND"]);
    }
  });

  test("retry of a batch does not repeat permanent errors", async () => {
    const { id } = (await post(list("g"), "/batch?size=21px", { prefer: "wait=20" })).json();
    const response = await app.inject({
      method: "POST",
      url: `/batch/${id}/retry`,
      headers: { prefer: "wait=20" },
    });
    expect(response.json().rows).toEqual({ total: 4, done: 3, partial: 0, failed: 1, skipped: 0 });
  });

  test.each([
    ["GET", "/batch", "POST, OPTIONS"],
    ["PUT", "/batch/x", "GET, HEAD, DELETE, OPTIONS"],
    ["DELETE", "/batch/x/retry", "POST, OPTIONS"],
    ["POST", "/batch/x/manifest.json", "GET, HEAD, OPTIONS"],
  ] as const)("%s %s on a batch is 405 with Allow: %s", async (method, url, allow) => {
    const response = await app.inject({ method, url });
    expect([response.statusCode, response.headers.allow]).toEqual([405, allow]);
  });

  test("pages of other origins may post and delete batches (CORS preflight)", async () => {
    const response = await app.inject({
      method: "OPTIONS",
      url: "/batch",
      headers: { origin: "https://catch.example", "access-control-request-method": "POST" },
    });
    expect(response.headers["access-control-allow-methods"]).toContain("POST");
    expect(response.headers["access-control-allow-origin"]).toBe("*");
  });
});
