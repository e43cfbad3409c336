import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import { catchClient } from "../../src/moving-objects/catch/catch-client.ts";
import { caughtList } from "../../src/moving-objects/catch/catch-list.ts";

const JOB = "0123456789abcdef0123456789abcdef";
const OTHER = "ffffffffffffffffffffffffffffffff";
const folder = mkdtempSync(join(tmpdir(), "sis-catch-"));
const asked: string[] = [];
let elsewhere: string[] = [];
let servers: Server[] = [];
let base = "";
let foreign = "";
let client: ReturnType<typeof catchClient>;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  foreign = await serve((request, response) => {
    elsewhere.push(request.url ?? "");
    response.end("{}");
  });
  const origin = await serve((request, response) => {
    asked.push(request.url ?? "");
    const job = /^\/api\/caught\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "";
    if (job === JOB)
      response.end(JSON.stringify({ job_id: JOB, data: [{ product_id: "a", ra: 1, dec: 2 }] }));
    else if (job.startsWith("a")) response.writeHead(302, { location: `${foreign}/secret` }).end();
    else if (job.startsWith("b")) response.end(Buffer.alloc(3000, 32));
    else if (job.startsWith("c")) response.writeHead(200, { "content-length": "100" }).write("{");
    else response.writeHead(404).end();
  });
  base = `${origin}/api`;
  client = catchClient(
    loadSettings(folder, { SBNSIS_CATCH_URL: `${base}/`, SBNSIS_BATCH_BYTES: "2000" }),
    "9.8.7",
  );
});
afterAll(async () => {
  await client.close();
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
  rmSync(folder, { recursive: true });
});

const ask = (document: unknown, signal = new AbortController().signal) =>
  caughtList(Buffer.from(JSON.stringify(document)), client, signal);

describe('{"catch": ...} in a list', () => {
  test.each([
    ["the id of a job", () => JOB],
    ["its address", () => `${base}/caught/${JOB}`],
  ])(
    '{"catch": ...} with %s is fetched from the configured API, with the options next to it',
    async (_, wanted) => {
      const found = await ask({ catch: wanted(), size: "3arcmin" });
      expect(JSON.parse(Buffer.from(found!.bytes).toString())).toMatchObject({ job_id: JOB });
      expect(found!.options).toEqual({ size: "3arcmin" });
      expect(asked.at(-1)).toBe(`/api/caught/${JOB}`);
    },
  );

  test.each([
    ["another host", () => `${foreign}/api/caught/${JOB}`],
    ["credentials", () => `${base.replace("//", "//me:secret@")}/caught/${JOB}`],
    ["another path of the host", () => `${base.replace("/api", "")}/caught/${JOB}`],
    ["a path that leaves the API", () => `${base}/caught/../../${JOB}`],
    ["a query", () => `${base}/status/${JOB}?x=/caught/${JOB}`],
    ["an id that is a path", () => `../../${JOB}`],
    ["a file", () => "file:///etc/passwd"],
    ["no text", () => 7],
  ])('{"catch": ...} with %s is refused before any request', async (_, wanted) => {
    const before = [asked.length, elsewhere.length];
    await expect(ask({ catch: wanted() })).rejects.toMatchObject({ code: "INVALID_PARAMETER" });
    expect([asked.length, elsewhere.length]).toEqual(before);
  });

  test.each([
    ["an unknown job", OTHER, "CATCH_FAILED"],
    ["a redirect to another host", `a${OTHER.slice(1)}`, "CATCH_FAILED"],
    ["results over the limit of lists", `b${OTHER.slice(1)}`, "LIST_TOO_LARGE"],
  ])("a CATCH request with %s ends with %s: %s", async (_, job, code) => {
    elsewhere = [];
    await expect(ask({ catch: job })).rejects.toMatchObject({ code });
    expect(elsewhere).toEqual([]);
  });

  test("a client that disconnects ends the request to CATCH", async () => {
    const leaving = new AbortController();
    const pending = ask({ catch: `c${OTHER.slice(1)}` }, leaving.signal);
    await expect.poll(() => asked.at(-1)).toContain("/caught/c");
    leaving.abort(new Error("left"));
    await expect(pending).rejects.toThrow("left");
  });

  test.each([
    ["a list with rows", { catch: JOB, rows: [] }],
    ["results of CATCH", { catch: JOB, data: [] }],
    ["an array", [{ catch: JOB }]],
  ])("%s is a list itself, not a CATCH job", async (_, document) => {
    expect(await ask(document)).toBeUndefined();
  });

  test("without SBNSIS_CATCH_URL no CATCH job is fetched, and the error names the setting", async () => {
    const off = catchClient(loadSettings(folder, {}), "9.8.7");
    const wanted = Buffer.from(JSON.stringify({ catch: JOB }));
    await expect(caughtList(wanted, off, new AbortController().signal)).rejects.toThrow("SBNSIS_CATCH_URL");
    await off.close();
  });
});
