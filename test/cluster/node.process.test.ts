import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { tryLock } from "../../src/concurrency/file-lock.ts";
import { setNodeName } from "../../src/concurrency/process-identity.ts";
import { archiveConnections } from "../../src/config/archive-connections.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { openLogger } from "../../src/observe/logger.ts";
import { exposition } from "../../src/observe/samples.ts";
import { KNOWN_ID, testService } from "../support/test-service.ts";

describe("one machine among several", () => {
  let folder: string | undefined;
  const newFolder = () => {
    folder = mkdtempSync(join(tmpdir(), "sbnsis-node-"));
    return folder;
  };
  afterEach(() => {
    setNodeName("");
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  test("SBNSIS_NODE_NAME is the last key of each log line; without it lines are those of the Python service", async () => {
    const file = join(newFolder(), "sbnsis.log");
    const logger = openLogger({ file, stderr: false });
    logger.info({ job_id: "0" });
    setNodeName("north-1");
    logger.info({ job_id: "1" });
    await logger.close();
    const records = readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.slice(line.indexOf("{")));
    expect(records).toEqual(['{"job_id": "0"}', '{"job_id": "1", "node": "north-1"}', ""]);
  });

  test("SBNSIS_NODE_NAME is a label of each metric, with and without other labels (text format 0.0.4)", () => {
    const samples = { sbnsis_workers: 2, 'sbnsis_errors_total{code="X{Y}"}': 1 };
    const series = exposition(samples, "north-1")
      .split("\n")
      .filter((line) => !line.startsWith("#"));
    expect(series).toEqual([
      'sbnsis_workers{node="north-1"} 2',
      'sbnsis_errors_total{node="north-1",code="X{Y}"} 1',
      "",
    ]);
  });

  test("a lock names the machine: the host without SBNSIS_NODE_NAME, otherwise that name (os.hostname)", async () => {
    const names: string[] = [];
    for (const name of ["", "north-1"]) {
      setNodeName(name);
      const path = join(mkdtempSync(join(newFolder(), "locks-")), "a.lock");
      const lock = await tryLock(path);
      names.push((JSON.parse(readFileSync(path, "utf8")) as { node: string }).node);
      lock?.release();
      rmSync(folder!, { recursive: true });
      folder = undefined;
    }
    expect(names).toEqual([hostname(), "north-1"]);
  });

  test("with SBNSIS_ROLES=jobs only /health, /ready and /metrics respond; clients get 503 NOT_SERVING (docs/configuration.md)", async () => {
    const service = await testService({ env: { SBNSIS_ROLES: "jobs", BASE_HREF: "/api" } });
    const paths = ["health", "ready", "metrics", `images/${KNOWN_ID}`, "query", "openapi.json", "nowhere"];
    const answers = await Promise.all(paths.map((path) => service.app.inject(`/api/${path}`)));
    const codes = answers.map(({ statusCode, headers, body }) =>
      statusCode === 503 && headers["retry-after"] !== undefined ? JSON.parse(body).code : statusCode,
    );
    await service.close();
    const refused = "NOT_SERVING";
    expect(codes).toEqual([200, expect.anything(), 200, refused, refused, refused, refused]);
    expect(codes[1]).not.toBe(refused);
    expect(service.requests).toEqual([]);
  });

  test.each([
    ["", ["serve", "jobs"]],
    ["serve", ["serve"]],
    [" jobs , serve ", ["jobs", "serve"]],
  ])("SBNSIS_ROLES=%j means %j (docs/configuration.md)", (SBNSIS_ROLES, roles) => {
    expect([...loadSettings(newFolder(), { SBNSIS_ROLES }).cluster.roles]).toEqual(roles);
  });

  test.each([
    [{ SBNSIS_ROLES: "serve,job" }, /SBNSIS_ROLES is "?serve,job/],
    [{ SBNSIS_ROLES: "," }, /SBNSIS_ROLES/],
    [{ SBNSIS_NODE_NAME: 'a"b' }, /SBNSIS_NODE_NAME/],
    [{ SBNSIS_NODE_NAME: "a b" }, /SBNSIS_NODE_NAME/],
    [{ SBNSIS_ARCHIVE_CONNECTIONS: "-1" }, /SBNSIS_ARCHIVE_CONNECTIONS/],
  ])("the node settings %j are refused, naming the variable (docs/configuration.md)", (env, message) => {
    expect(() => loadSettings(newFolder(), env)).toThrow(message);
  });

  test.each([
    [2, 4],
    [3, 4],
    [6, 4],
    [7, 4],
    [8, 4],
    [40, 4],
    [4, 1],
    [1000, 200],
  ])(
    "with SBNSIS_ARCHIVE_CONNECTIONS=%i and %i threads, all threads together have at most that many connections (sum)",
    (connections, threads) => {
      const env = {
        SBNSIS_ARCHIVE_CONNECTIONS: String(connections),
        SBNSIS_REMOTE_THREADS: String(threads),
      };
      const { tasks, perHolder, keepsAlive } = archiveConnections(loadSettings(newFolder(), env));
      // idle connections are held by every thread, those in use by the tasks; and the main thread
      const holders = keepsAlive ? threads + 2 : tasks;
      expect((holders + 1) * perHolder).toBeLessThanOrEqual(connections);
      expect(Math.min(tasks, perHolder)).toBeGreaterThanOrEqual(1);
    },
  );

  test("SBNSIS_ARCHIVE_CONNECTIONS=1 is refused: a thread and the main thread need one each", () => {
    const settings = loadSettings(newFolder(), { SBNSIS_ARCHIVE_CONNECTIONS: "1" });
    expect(() => archiveConnections(settings)).toThrow(/SBNSIS_ARCHIVE_CONNECTIONS is 1; allowed: 0, or 2/);
  });
});
