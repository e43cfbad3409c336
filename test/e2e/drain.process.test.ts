import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlive } from "../../src/concurrency/process-identity.ts";
import { addTestData } from "../../src/test-data/add-test-data.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";

describe("a restart while a request waits for a silent archive longer than SBNSIS_DRAIN_SECONDS", () => {
  let place: Workplace;
  let archive: Server;
  const waiting = new Set<Socket>();

  beforeAll(async () => {
    place = await workplace();
    archive = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => undefined).on("close", () => waiting.delete(socket));
    });
    await once(archive.listen(0, "127.0.0.1"), "listening");
    const { port } = archive.address() as AddressInfo;
    const data = join(place.directory, "data");
    await addTestData({ directory: data, survey: "sky", frames: 1, fullSize: false, seed: 3 });
    place.set("LIVE_GUNICORN_INSTANCES", "1");
    place.set("SBNSIS_DRAIN_SECONDS", "1");
    const base = `http://127.0.0.1:${port}`;
    const added = await place.run("sbnsis-add", "-r", "--base-url", base, "--strip-leading", data, data);
    expect(added.status, added.stderr).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(async () => {
    await place.dispose();
    for (const socket of waiting) socket.destroy();
    archive.close();
  });

  test("a request that waits for a silent archive during a restart receives 503 STOPPING with Retry-After: its connection is not cut", async () => {
    const { results } = (await (await fetch(`${place.base}/query`)).json()) as {
      readonly results: readonly { readonly obs_id: string }[];
    };
    const url = `${place.base}/images/${results[0]!.obs_id}?format=label`;
    const answer = fetch(url, { headers: { accept: "application/json" } });
    await expect.poll(() => waiting.size).toBe(1);
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    const response = await answer;
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await response.json()).toMatchObject({ code: "STOPPING", status: 503 });
  });
});

describe("SBNSIS_LAMEDUCK_SECONDS", () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await workplace();
    place.set("LIVE_GUNICORN_INSTANCES", "1");
    place.set("SBNSIS_LAMEDUCK_SECONDS", "2");
    for (const command of ["create-tables", "start"]) {
      expect((await place.run("sbnsis", command)).status, command).toBe(0);
    }
  });
  afterAll(async () => await place.dispose());

  test("after SIGTERM, /ready returns 503 while requests are still served; then the service ends", async () => {
    const status = async (path: string) => (await fetch(`${place.base}${path}`)).status;
    expect([await status("/ready"), await status("/query")]).toEqual([200, 200]);
    const master = Number.parseInt(readFileSync(join(place.directory, "sbnsis.pid"), "utf8"), 10);
    process.kill(master, "SIGTERM");
    await expect.poll(() => status("/ready"), { interval: 50 }).toBe(503);
    expect([await status("/query"), await status("/health")]).toEqual([200, 200]);
    await expect.poll(() => isAlive(master), { timeout: 20_000 }).toBe(false);
  });
});
