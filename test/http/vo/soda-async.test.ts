import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import { JobRunner } from "../../../src/jobs/job-runner.ts";
import type { JobQueue } from "../../../src/jobs/job-store.ts";
import { openJobs } from "../../../src/jobs/open-jobs.ts";
import { publisherIds } from "../../../src/soda/publisher-did.ts";
import { sodaHandler } from "../../../src/soda/soda-handler.ts";
import { SODA_KIND } from "../../../src/soda/soda-job.ts";
import type { MadeCatalog } from "../../support/catalog/made-catalog.ts";
import { EXPOSURE, voCatalog } from "../../support/catalog/vo-catalog.ts";
import { KNOWN_ID, type TestService, testService } from "../../support/test-service.ts";

const LIST = "http://127.0.0.1:5000/vo/async";

let folder: string;
let made: MadeCatalog;
let jobs: JobQueue;
let service: TestService;
let runner: JobRunner;
/** Whether single requests need the threads. */
let isBusy: () => boolean;
beforeAll(async () => {
  made = await voCatalog();
});
afterAll(async () => await made.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-uws-"));
  jobs = openJobs({ database: join(folder, "jobs.db") });
  service = await testService({ catalog: made.catalog, jobs, env: { TRUSTED_PROXIES: "127.0.0.1" } });
  const { catalog } = made;
  const handler = sodaHandler({ catalog, products: service.products, ids: publisherIds("") });
  isBusy = () => false;
  runner = new JobRunner({
    ...{ queue: jobs, handlers: { [SODA_KIND]: handler }, node: "test", leaseMs: 10_000 },
    isBusy: () => isBusy(),
  });
  runner.start();
});
afterEach(async () => {
  await runner.drain();
  await service.close();
  await jobs.close();
  rmSync(folder, { recursive: true });
});

const request = (method: "GET" | "POST" | "DELETE", path: string, form = "", address = "192.0.2.1") =>
  service.app.inject({
    method,
    url: `/vo/async${path}`,
    headers: {
      "x-forwarded-for": address,
      ...(method === "POST" && { "content-type": "application/x-www-form-urlencoded" }),
    },
    ...(method === "POST" && { payload: form }),
  });
const get = async (path: string) => (await request("GET", path)).body;

/** Creates a job; its path below /async. */
async function created(form: string): Promise<string> {
  const { statusCode, headers } = await request("POST", "", form);
  expect(statusCode).toBe(303);
  expect(String(headers.location).startsWith(`${LIST}/`)).toBe(true);
  return String(headers.location).slice(LIST.length);
}

/** Runs a job and waits for its end. */
async function run(form: string): Promise<string> {
  const path = await created(`${form}&PHASE=RUN`);
  for (let i = 0; i < 20 && /QUEUED|EXECUTING/.test(await get(`${path}/phase`)); i++)
    await get(`${path}?WAIT=5`);
  return path;
}

const results = (xml: string) =>
  [...xml.matchAll(/<uws:result id="([^"]+)" mime-type="([^"]+)" size="(\d+)"/g)].map((found) =>
    found.slice(1),
  );

describe("/vo/async", () => {
  it("a job of /vo/async waits for its client, accepts parameters, and runs (UWS 1.1; contract U1 to U6)", async () => {
    const path = await created(`ID=${KNOWN_ID}&CIRCLE=10+20+0.1&RUNID=run+1`);
    expect(await get(`${path}/phase`)).toBe("PENDING");
    const added = await request("POST", `${path}/parameters`, "TIME=1+2&circle=1+2+3");
    expect([added.statusCode, added.headers.location]).toEqual([303, LIST + path]);
    const xml = await get(path);
    expect(xml).toContain('version="1.1"');
    expect(xml).toContain("<uws:runId>run 1</uws:runId>");
    expect(xml).toContain('<uws:quote xsi:nil="true"/>');
    expect(xml.match(/<uws:parameter id="[^"]+">[^<]+/g)).toEqual([
      `<uws:parameter id="ID">${KNOWN_ID}`,
      '<uws:parameter id="CIRCLE">10 20 0.1',
      '<uws:parameter id="TIME">1 2',
      '<uws:parameter id="circle">1 2 3',
    ]);
    expect((await request("POST", path, "CIRCLE=1+2+3")).statusCode).toBe(403);
    expect((await request("POST", `${path}/phase`, "phase=RUN")).headers.location).toBe(LIST + path);
    await get(`${path}?WAIT=5&PHASE=QUEUED`);
    await get(`${path}?WAIT=5&PHASE=EXECUTING`);
    expect(await get(`${path}/phase`)).toBe("COMPLETED");
    expect((await request("POST", `${path}/parameters`, "TIME=3+4")).statusCode).toBe(403);
    expect((await request("POST", `${path}/phase`, "PHASE=RUN")).statusCode).toBe(403);
    // TIME excludes the image: the results say that there are no pixels
    expect(results(await get(`${path}/results`)).map(([, type]) => type)).toEqual([
      "text/plain",
      "text/plain",
    ]);
  });

  it("a job of /vo/async has a result of every combination; one that fails is a text (SODA 1.0, 6; contract U6)", async () => {
    const path = await run(`ID=${KNOWN_ID}&ID=nope&ID=${EXPOSURE}&CIRCLE=10+20+0.1`);
    expect(await get(`${path}/phase`)).toBe("COMPLETED");
    expect(results(await get(path))).toEqual([
      ["cutout-0001", "image/fits", "2880"],
      ["cutout-0002", "text/plain", String("UsageError: There is no image nope.\n".length)],
      ["cutout-0003", "text/plain", expect.any(String)],
    ]);
    const file = await request("GET", `${path}/results/cutout-0001`);
    expect([file.statusCode, file.headers["content-type"], file.headers.etag]).toEqual([
      200,
      "image/fits",
      expect.any(String),
    ]);
    expect(service.requests.at(-1)).toMatchObject({ region: { text: "CIRCLE 10 20 0.1" } });
    expect(await get(`${path}/results/cutout-0002`)).toBe("UsageError: There is no image nope.\n");
    expect((await request("GET", `${path}/results/cutout-4`)).statusCode).toBe(404);
  });

  it("a result of /vo/async says that there are no pixels, or why a file cannot be served (contract U6)", async () => {
    service.fail(new SisError("REGION_OFF_IMAGE", "off"));
    const off = await run(`ID=${KNOWN_ID}&CIRCLE=70+20+0.1`);
    expect(await get(`${off}/results/cutout-0001`)).toMatch(/^UsageError: No pixels/);
    service.fail(new SisError("SOURCE_UNREACHABLE", "http://archive.invalid is down"));
    const down = await run(`ID=${KNOWN_ID}&CIRCLE=10+20+0.1`);
    expect(await get(`${down}/results/cutout-0001`)).toMatch(/^Error: The archive/);
  });

  it("jobs of /vo/async make nothing while single requests need the threads, not even between two cutouts (contract U12)", async () => {
    // how many products were made at each check: the threads are busy from the 1st to the 10th, and
    // from the 12th to the 20th
    const made: number[] = [];
    isBusy = () => {
      made.push(service.requests.length);
      return made.length < 20 && made.length !== 11;
    };
    const path = await run(`ID=${KNOWN_ID}&CIRCLE=10+20+0.1&CIRCLE=10+20+0.2&CIRCLE=10+20+0.3`);
    expect(await get(`${path}/phase`)).toBe("COMPLETED");
    expect(made.slice(0, 20)).toEqual([...Array(11).fill(0), ...Array(9).fill(1)]);
    expect(service.requests).toHaveLength(3);
  });

  it("a job of /vo/async continues after a temporary fault", async () => {
    service.fail(new SisError("MEMORY_SHORT", "later"));
    const path = await run(`ID=${KNOWN_ID}`);
    expect(results(await get(path))).toEqual([["cutout-0001", "image/fits", "2880"]]);
  });

  it("a job of /vo/async accepts no more parameters than a form can have, however many forms add them (contract V4)", async () => {
    const path = await created(`ID=${KNOWN_ID}`);
    const form = `POLYGON=${"1".repeat(3_000_000)}`;
    expect((await request("POST", `${path}/parameters`, form)).statusCode).toBe(303);
    const refused = await request("POST", `${path}/parameters`, form);
    expect([refused.statusCode, refused.body]).toEqual([
      400,
      expect.stringMatching(/^UsageError: .*4194304/),
    ]);
    expect((await get(`${path}/parameters`)).match(/<uws:parameter id="POLYGON">/g)).toHaveLength(1);
  });

  it("a job of /vo/async with wrong parameters ends with ERROR when it is run (contract U8)", async () => {
    const path = await created("CIRCLE=1+2+3");
    expect((await request("GET", `${path}/error`)).statusCode).toBe(404);
    await request("POST", `${path}/phase`, "PHASE=RUN");
    expect(await get(`${path}/phase`)).toBe("ERROR");
    const { statusCode, body } = await request("GET", `${path}/error`);
    expect([statusCode, body.startsWith("UsageError: ID is missing")]).toEqual([200, true]);
    expect(await get(path)).toContain('<uws:errorSummary type="fatal" hasDetail="true">');
  });

  it("/vo/async keeps execution duration and destruction of a job within bounds (contract U4)", async () => {
    const path = await created("ID=a");
    expect([await get(`${path}/executionduration`), await get(`${path}/quote`)]).toEqual(["600", ""]);
    const changed = await request("POST", `${path}/executionduration`, "EXECUTIONDURATION=0");
    expect([changed.statusCode, changed.headers.location]).toEqual([303, LIST + path]);
    expect(await get(`${path}/executionduration`)).toBe("3600");
    await request("POST", `${path}/destruction`, "destruction=2999-01-01T00:00:00Z");
    const days = (Date.parse(await get(`${path}/destruction`)) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    expect((await request("POST", `${path}/destruction`, "DESTRUCTION=soon")).statusCode).toBe(400);
  });

  it("/vo/async lets clients wait for a change, which any process may make (UWS 1.1, 2.2.1.1; contract U7)", async () => {
    const path = await created("ID=a");
    const waiting = get(`${path}?WAIT=-1`);
    const other = openJobs({ database: join(folder, "jobs.db") });
    await other.abort(path.slice(1));
    expect(await waiting).toContain("<uws:phase>ABORTED</uws:phase>");
    await other.close();
    // a request for another phase than the current one, or for an ended job, gets a response at
    // once
    await get(`${path}?WAIT=60`);
    await get(`${await created("ID=a")}?WAIT=60&PHASE=QUEUED`);
    expect((await request("GET", `${path}?WAIT=soon`)).statusCode).toBe(400);
  });

  it("/vo/async lists only the jobs of the client, by PHASE, AFTER and LAST (contract U9)", async () => {
    const first = await created("ID=a");
    const second = await created("ID=b");
    await request("POST", `${first}/phase`, "PHASE=ABORT");
    const ids = (xml: string) => [...xml.matchAll(/<uws:jobref id="([^"]+)"/g)].map(([, id]) => `/${id}`);
    expect(ids(await get(""))).toEqual([first, second]);
    expect(ids(await get("?PHASE=ABORTED&PHASE=ERROR"))).toEqual([first]);
    expect(ids(await get("?LAST=1"))).toEqual([second]);
    expect(ids(await get("?AFTER=2999-01-01T00:00:00Z"))).toEqual([]);
    expect(ids((await request("GET", "", "", "198.51.100.9")).body)).toEqual([]);
  });

  it("/vo/async lets only its owner change a job (contract U9)", async () => {
    const path = await created("ID=a");
    const stranger = "198.51.100.9";
    for (const [method, at, form] of [
      ["POST", "/phase", "PHASE=ABORT"],
      ["POST", "/parameters", "ID=b"],
      ["POST", "/destruction", "DESTRUCTION=2026-01-01"],
      ["POST", "", "ACTION=DELETE"],
      ["DELETE", "", ""],
    ] as const)
      expect((await request(method, path + at, form, stranger)).statusCode).toBe(403);
    expect(await get(`${path}/phase`)).toBe("PENDING");
  });

  it("a job of /vo/async is deleted by DELETE and ACTION=DELETE, and then gone (contract U10)", async () => {
    const first = await created("ID=a");
    const second = await created("ID=b");
    const deleted = await request("DELETE", first);
    expect([deleted.statusCode, deleted.headers.location]).toEqual([303, LIST]);
    expect((await request("POST", second, "ACTION=DELETE")).statusCode).toBe(303);
    for (const path of [first, `${first}/results`, second, "/nope", `/${"0".repeat(32)}`])
      expect((await request("GET", path)).statusCode).toBe(404);
  });

  it("/vo/async refuses more than 100 unfinished jobs of a client with 403 (contract U10)", async () => {
    for (let i = 0; i < 100; i++) await created("ID=a");
    const { statusCode, body } = await request("POST", "", "ID=a");
    expect([statusCode, body.startsWith("UsageError: You have 100 unfinished jobs")]).toEqual([403, true]);
  });
});
