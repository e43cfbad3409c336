import { rmSync, statSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchEvents, lastEvent } from "../../../src/http/batch/batch-events.ts";
import type { JobRunner } from "../../../src/jobs/job-runner.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { type BatchService, batchService } from "../../support/batch-service.ts";
import { type SkyArchive, skyLid } from "../../support/inputs/sky-archive.ts";
import { testJob } from "../../support/jobs/job-database.ts";

let service: BatchService;
let archive: SkyArchive;
let jobs: JobQueue;
let runner: JobRunner;
let app: FastifyInstance;
/** Rows on four frames; the last one is off its frame. */
const LIST = `row,obs_id,ra,dec\n${[0, 1, 2, 3]
  .map((i) => `r${i},${skyLid(i)},${(i - 9) * 0.95 + 360},${i === 3 ? 50 : 0.1}`)
  .join("\n")}\n`;

beforeAll(async () => {
  service = await batchService(4);
  ({ archive, jobs, runner, app } = service);
});
afterAll(async () => {
  await service.close();
});

const post = async (query: string, headers: Record<string, string> = {}): Promise<string> => {
  const response = await app.inject({
    method: "POST",
    url: `/batch?${query}`,
    payload: LIST,
    headers: { "content-type": "text/csv", ...headers },
  });
  return (response.json() as { readonly id: string }).id;
};

/** Events of a stream, each with its fields. */
const eventsOf = (text: string) =>
  text
    .split("\n\n")
    .map((block) => Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2))))
    .filter(({ event }) => event !== undefined) as { event: string; id?: string; data: string }[];

interface Unzipped {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Reads an archive from its central directory, and checks each file against its CRC-32. */
function unzip(zip: Buffer): readonly Unzipped[] {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x0605_4b50);
  const files: Unzipped[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < zip.readUInt16LE(end + 10); i += 1) {
    const [crc, size, length] = [
      zip.readUInt32LE(at + 16),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
    ];
    const start = zip.readUInt32LE(at + 42) + 30 + length;
    const bytes = zip.subarray(start, start + size);
    expect(crc32(bytes)).toBe(crc);
    files.push({ name: zip.toString("utf8", at + 46, at + 46 + length), bytes });
    at += 46 + length;
  }
  return files;
}

describe("files of a batch", () => {
  it("files of a batch are refused with 409 until all rows are finished, unless partial=true; events follow the batch to its end", async () => {
    const id = await post("size=20px");
    const early = await app.inject(`/batch/${id}/files.zip`);
    expect([early.statusCode, early.json()]).toMatchObject([
      409,
      { code: "NOT_COMPLETE", done: 0, total: 4 },
    ]);
    const partial = await app.inject(`/batch/${id}/files.zip?partial=true`);
    expect(unzip(partial.rawPayload).map(({ name }) => name)).toEqual(["README.txt", "manifest.csv"]);
    const streaming = app.inject(`/batch/${id}/events`);
    runner.start();
    const stream = await streaming;
    expect(stream.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const events = eventsOf(stream.payload);
    const rows = events.filter(({ event }) => event === "row");
    expect(rows.map((row) => row.id)).toEqual(["1", "2", "3", "4"]);
    expect(rows.map(({ data }) => JSON.parse(data).row).toSorted()).toEqual(["r0", "r1", "r2", "r3"]);
    expect(events.at(-1)).toMatchObject({ event: "end" });
    expect(JSON.parse(events.at(-1)!.data)).toMatchObject({
      phase: "COMPLETED",
      total: 4,
      done: 4,
      failed: 1,
    });
    const again = await app.inject({ url: `/batch/${id}/events`, headers: { "last-event-id": "3" } });
    expect(eventsOf(again.payload).filter(({ event }) => event === "row")).toEqual(rows.slice(3));
    expect((await app.inject(`/batch/${"a".repeat(26)}/events`)).statusCode).toBe(404);
    expect((await app.inject(`/batch/${"a".repeat(26)}/files.zip`)).statusCode).toBe(404);
  });

  it("the archive of a batch is 409 before the first byte if a frame has changed since its row was made; a retry or the same list makes only that row again", async () => {
    const id = await post("size=19px", { prefer: "wait=20" });
    const frame = fileURLToPath((await archive.catalog.findImage(skyLid(1)))!.imageUrl!);
    const madeOf = async () => {
      const { rows } = (await app.inject(`/batch/${id}/manifest.json`)).json() as {
        rows: { made: string }[];
      };
      return rows.map(({ made }) => made);
    };
    for (const again of [`/batch/${id}/retry`, "/batch?size=19px"]) {
      const before = await madeOf();
      const changed = new Date(statSync(frame).mtimeMs + 10_000);
      utimesSync(frame, changed, changed);
      for (const file of ["files.zip", "frames.fits"]) {
        const refused = await app.inject(`/batch/${id}/${file}`);
        expect([refused.statusCode, refused.json()]).toMatchObject([
          409,
          { code: "ROWS_CHANGED", rows: [2] },
        ]);
      }
      const headers = { "content-type": "text/csv", prefer: "wait=20" };
      const renewed = await app.inject({ method: "POST", url: again, payload: LIST, headers });
      expect([renewed.statusCode, renewed.json().id]).toEqual([200, id]);
      const after = await madeOf();
      expect(after.map((made, i) => made === before[i])).toEqual([true, false, true, true]);
      expect((await app.inject(`/batch/${id}/files.zip`)).statusCode).toBe(200);
    }
  });

  it("the archive of a batch contains the bytes of GET /images, a manifest and a README, unchanged after they were evicted", async () => {
    const id = await post("size=21px&format=fits&format=png&marks=object", { prefer: "wait=20" });
    const whole = await app.inject(`/batch/${id}/files.zip`);
    expect([whole.statusCode, whole.headers["content-type"]]).toEqual([200, "application/zip"]);
    expect(Number(whole.headers["content-length"])).toBe(whole.rawPayload.length);
    const files = unzip(whole.rawPayload);
    const names = files.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["README.txt", "manifest.csv"]);
    expect(names.slice(2).map((name) => name.replace(/_\d{4}-.*\./, "_TIME."))).toEqual(
      [0, 1, 2].flatMap((i) => ["fits", "png"].map((end) => `000${i + 1}_test-00000${i}_TIME.${end}`)),
    );
    const { rows } = (await app.inject(`/batch/${id}/manifest.json`)).json() as {
      rows: { fits_url: string }[];
    };
    const product = await app.inject(rows[0]!.fits_url.replace(/^https?:\/\/[^/]+/, ""));
    expect(files[2]!.bytes.equals(product.rawPayload)).toBe(true);
    expect(files[1]!.bytes.toString()).toBe((await app.inject(`/batch/${id}/manifest.csv`)).payload);
    rmSync(archive.settings.cache.folder, { recursive: true, force: true });
    const remade = await app.inject(`/batch/${id}/files.zip`);
    expect(remade.rawPayload.equals(whole.rawPayload)).toBe(true);
  });

  it("an interrupted download of a batch is resumed at any byte by Range and If-Range (RFC 9110, 14.2)", async () => {
    const id = await post("size=21px", { prefer: "wait=20" });
    const url = `/batch/${id}/files.zip`;
    const whole = await app.inject(url);
    const { etag } = whole.headers as { readonly etag: string };
    const { length } = whole.rawPayload;
    for (const first of [0, 1, 29, 500, 3000, length - 500, length - 22, length - 1]) {
      const rest = await app.inject({ url, headers: { range: `bytes=${first}-`, "if-range": etag } });
      expect([rest.statusCode, rest.headers["content-range"]]).toEqual([
        206,
        `bytes ${first}-${length - 1}/${length}`,
      ]);
      expect(rest.rawPayload.equals(whole.rawPayload.subarray(first))).toBe(true);
    }
    const other = await app.inject({ url, headers: { range: "bytes=5-", "if-range": '"other"' } });
    expect([other.statusCode, other.rawPayload.length]).toEqual([200, length]);
    const head = await app.inject({ url, method: "HEAD" });
    expect([head.statusCode, head.headers["content-length"], head.rawPayload.length]).toEqual([
      200,
      String(length),
      0,
    ]);
    expect((await app.inject({ url, headers: { range: `bytes=${length}-` } })).statusCode).toBe(416);
    expect((await app.inject({ url, headers: { "if-none-match": etag } })).statusCode).toBe(304);
  });
});

describe("events of a batch", () => {
  it("events of a batch have comments while nothing happens, and end when the client disconnects or the process drains", async () => {
    const { job } = await jobs.submit(testJob("waiting", 1, { kind: "nothing" }));
    const controller = new AbortController();
    let isEnding = false;
    const parts = { jobs, job, after: 0, rowOf: () => ({}), products: {}, pace: { pollMs: 1, commentMs: 0 } };
    const events = batchEvents({ ...parts, isEnding: () => isEnding, signal: controller.signal });
    expect((await events.next()).value).toMatch(/^retry: 1000\n\nevent: progress\ndata: {"id":"waiting"/);
    expect((await events.next()).value).toBe(": still running\n\n");
    isEnding = true;
    expect((await events.next()).done).toBe(true);
    const aborted = batchEvents({ ...parts, isEnding: () => false, signal: controller.signal });
    await aborted.next();
    controller.abort();
    expect((await aborted.next()).done).toBe(true);
    await jobs.destroy("waiting");
    const destroyed = batchEvents({ ...parts, isEnding: () => false, signal: new AbortController().signal });
    await destroyed.next();
    expect((await destroyed.next()).value).toBe('event: end\ndata: {"id":"waiting","phase":"ABORTED"}\n\n');
  });

  it("events of a batch begin at 0 for an unknown Last-Event-ID: the batch may have been deleted and sent again", () => {
    const given = [undefined, "", "x", "-1", "1e3", "17", "21", "999999999999999"];
    expect(given.map((id) => lastEvent(id, { sequence: 20 }))).toEqual([0, 0, 0, 0, 0, 17, 0, 0]);
  });
});
