import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Workplace, workplace } from "../support/programs/built-program.ts";

/** The status of a request on a new connection, which any worker may accept. */
function ask(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    }).once("error", reject);
  });
}

describe("the rate limit of a running service", { timeout: 120_000 }, () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await workplace();
    place.set("SBNSIS_RATE_LIMIT", "1");
    place.set("SBNSIS_RATE_BURST", "7");
    await place.createTables();
    expect((await place.run("sbnsis", "start")).stderr).toBe("");
  });
  afterAll(() => place.dispose());

  test("the rate limit counts a client's requests across all workers; /health stays exempt", async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, () => ask(`${place.base}/query?maxrec=0`)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(7);
    expect(statuses.filter((status) => status === 429)).toHaveLength(33);
    expect(await place.workers()).toHaveLength(2);
    expect(await ask(`${place.base}/health`)).toBe(200);
  });
});
