import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BatchService, batchService } from "../../support/batch-service.ts";
import { skyLid } from "../../support/inputs/sky-archive.ts";

const JOB = "0123456789abcdef0123456789abcdef";
const LIMIT = 100_000;
let api: Server;
let service: BatchService;
let app: FastifyInstance;
const asked: string[] = [];

beforeAll(async () => {
  api = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (!request.url?.endsWith(JOB)) return response.writeHead(404).end();
    const data = [0, 1].map((i) => ({
      product_id: skyLid(i),
      ra: (i - 9) * 0.95 + 360,
      dec: 0.1,
      date: "2020-05-31 00:00:00.000",
    }));
    return response.end(JSON.stringify({ job_id: JOB, data }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => api.once("listening", resolve));
  service = await batchService(3, {
    SBNSIS_BATCH_BYTES: String(LIMIT),
    SBNSIS_BATCH_ROWS: "50",
    SBNSIS_CATCH_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
  });
  app = service.app;
  service.runner.start();
});
afterAll(async () => {
  await service.close();
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
});

const post = (payload: string | Buffer, type = "text/csv", url = "/batch?size=21px") =>
  app.inject({ method: "POST", url, payload, headers: { "content-type": type, prefer: "wait=20" } });

describe('POST /batch of {"catch": ...}', () => {
  test("the results of a CATCH job, fetched from the configured API, become a batch", async () => {
    const response = await post(JSON.stringify({ catch: JOB }), "application/json");
    expect([response.statusCode, response.json()]).toEqual([
      200,
      expect.objectContaining({
        phase: "COMPLETED",
        form: "catch",
        rows: { total: 2, done: 2, partial: 0, failed: 0, skipped: 0 },
      }),
    ]);
    expect(asked).toEqual([`/caught/${JOB}`]);
  });

  test("a job unknown to CATCH is 502 CATCH_FAILED, and an address elsewhere 400", async () => {
    const unknown = await post(JSON.stringify({ catch: "f".repeat(32) }), "application/json");
    expect([unknown.statusCode, unknown.json().code]).toEqual([502, "CATCH_FAILED"]);
    const before = asked.length;
    const elsewhere = await post(
      JSON.stringify({ catch: `http://127.0.0.1:1/caught/${JOB}` }),
      "application/json",
    );
    expect([elsewhere.statusCode, elsewhere.json().code]).toEqual([400, "INVALID_PARAMETER"]);
    expect(asked.length).toBe(before);
  });
});

test("rows of a dry run have the time of their exposure (oracle: mid_mjd of /query)", async () => {
  const body = `obs_id,ra,dec\n${skyLid(1)},1,2\nurn:none,1,2\n`;
  const { rows } = (await post(body, "text/csv", "/batch?size=21px&dry=true")).json();
  const query = await app.inject({ url: `/query?obs_id=${encodeURIComponent(skyLid(1))}` });
  const [found] = query.json().results;
  expect(found.mid_mjd).toBeGreaterThan(50_000);
  expect([rows[0].mid_mjd, rows[0].exposure]).toEqual([
    expect.closeTo(found.mid_mjd, 8),
    expect.closeTo(found.exposure ?? rows[0].exposure, 6),
  ]);
  expect([rows[1].mid_mjd, rows[1].exposure]).toEqual([null, null]);
});

test.each([
  ["votable", "application/x-votable+xml"],
  ["csv", "text/csv"],
])(
  "a table that /vo/sia2 returned as %s is a list for /batch: each image at its center (s_ra, s_dec)",
  async (format, type) => {
    const { body } = await app.inject({ url: `/vo/sia2?RESPONSEFORMAT=${format}` });
    const { rows } = (await post(body, type, "/batch?size=21px&dry=true")).json();
    expect(rows.map(({ obs_id }: { obs_id: string }) => obs_id)).toEqual([0, 1, 2].map(skyLid));
    const query = await app.inject({ url: `/query?pos=352.4,0&radius=3deg&order=id` });
    const centers = query
      .json()
      .results.map((found: Record<string, number>) => [found.center_ra, found.center_dec]);
    expect(rows.map(({ ra, dec }: { ra: number; dec: number }) => [ra, dec])).toEqual(centers);
    const csv = await app.inject({ url: "/query?pos=352.4,0&radius=3deg&order=id&response=csv" });
    const again = (await post(csv.body, "text/csv", "/batch?size=21px&dry=true")).json().rows;
    expect(again.map(({ ra, dec }: { ra: number; dec: number }) => [ra, dec])).toEqual(centers);
  },
);

test("an id or row that is a LID names the frame, and a publisher's identifier ends with it (by hand)", async () => {
  const body = `id,ra,dec\n${skyLid(1)},1,2\n`;
  const [byName] = (await post(body, "text/csv", "/batch?size=21px&dry=true")).json().rows;
  expect([byName.row, byName.obs_id, byName.code]).toEqual([skyLid(1), skyLid(1), null]);
  const published = `obs_publisher_did,ra,dec\nivo://example.org/sbnsis?${skyLid(2)},1,2\n`;
  const [byPublisher] = (await post(published, "text/csv", "/batch?size=21px&dry=true")).json().rows;
  expect([byPublisher.obs_id, byPublisher.code]).toEqual([skyLid(2), null]);
});

describe("POST /batch of lists that attack the service", () => {
  const entities = Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`,
  );
  test.each<readonly [string, string, string, number, string]>([
    ["a line of 10 MB", "text/csv", `obs_id,ra,dec\n${"x".repeat(1e7)}`, 413, "LIST_TOO_LARGE"],
    [
      "a line as long as the limit",
      "text/csv",
      `obs_id,ra,dec,label\nx,1,2,"${"y".repeat(LIMIT - 100)}`,
      400,
      "LIST_UNREADABLE",
    ],
    ["JSON nested 45,000 deep", "application/json", `{"rows":${"[".repeat(45_000)}`, 400, "LIST_UNREADABLE"],
    [
      "JSON nested 45,000 deep and closed",
      "application/json",
      `{"rows":${"[".repeat(45_000)}${"]".repeat(45_000)}}`,
      400,
      "LIST_UNREADABLE",
    ],
    [
      "a VOTable with a bomb of entities",
      "text/xml",
      `<?xml version="1.0"?><!DOCTYPE VOTABLE [<!ENTITY a "aaaaaaaaaa">${entities.join("")}]><VOTABLE>&a8;</VOTABLE>`,
      400,
      "LIST_UNREADABLE",
    ],
    [
      "more rows than the limit",
      "text/csv",
      `ra,dec,mjd\n${"1,2,58000\n".repeat(5000)}`,
      413,
      "LIST_TOO_LARGE",
    ],
  ])("POST /batch refuses %s", async (_, type, body, status, code) => {
    const response = await post(body, type);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  test("rows whose positions are not numbers or not on the sky fail, and the others are made", async () => {
    const wicked = ["NaN,0", "inf,0", "1e999,0", "10,-91", "1e308,1e308", "0x10,1", "--1,2", ""];
    const lines = [...wicked.map((text) => `${skyLid(0)},${text}`), `${skyLid(0)},${360 - 9 * 0.95},0.1`];
    const response = await post(`obs_id,ra,dec\n${lines.join("\n")}\n`);
    expect([response.statusCode, response.json().rows]).toEqual([
      200,
      { total: 9, done: 1, partial: 0, failed: 8, skipped: 0 },
    ]);
    const manifest = (await app.inject(`/batch/${response.json().id}/manifest.json`)).json();
    const codes = manifest.rows.map(({ code }: { readonly code: string | null }) => code);
    expect(codes).toEqual([...wicked.map(() => "ROW_INVALID"), null]);
  });

  test("names in files.zip are one part of a path, whatever rows are called (Zip Slip)", async () => {
    const names = ["../../etc/passwd", "/etc/passwd", "..\\\\..\\\\x", "C:\\\\x", "a/b"];
    const lines = names.map(
      (name) => `"${name}","${name}",${skyLid(1)},${360 - 8 * 0.95},${0.1 + names.indexOf(name) / 100}`,
    );
    const { id, rows } = (await post(`row,label,obs_id,ra,dec\n${lines.join("\n")}\n`)).json();
    expect(rows.done).toBe(names.length);
    const zip = (await app.inject(`/batch/${id}/files.zip`)).rawPayload;
    const found: string[] = [];
    // central directory headers (APPNOTE 4.3.12): the name follows 46 bytes, its length is at 28
    const signature = Buffer.from("PK\u0001\u0002", "latin1");
    for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 46))
      found.push(zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28)));
    expect(found.length).toBe(names.length + 2);
    for (const name of found) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
  });
});
