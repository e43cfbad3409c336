import { expect, test } from "vitest";
import { ClientBuckets } from "../../../src/http/client-buckets.ts";
import { SharedLimit } from "../../../src/http/shared-limit.ts";

const buckets = (burst: number) => new ClientBuckets({ perMinute: 60, burst });

test("without the shared count, a flood is served only as often as the process's own share allows (token bucket by hand)", async () => {
  let asked = 0;
  const limit = new SharedLimit(buckets(10), async () => {
    asked++;
    return undefined;
  });
  let answered = 0;
  const start = performance.now();
  // 36,000 requests within 6 s by the injected clock: 10 at once and one a second
  for (let i = 0; i < 36_000; i++) if ((await limit.take("a", start + i / 6)) === 0) answered++;
  expect(answered).toBe(15);
  // not one message per request: the flood is handled in this process
  expect(asked).toBeLessThanOrEqual(62);
});

test("requests that arrive before the shared count times out are counted too", async () => {
  const limit = new SharedLimit(
    buckets(10),
    () => new Promise((resolve) => setImmediate(resolve, undefined)),
  );
  const waits = await Promise.all(Array.from({ length: 5000 }, () => limit.take("a")));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
});

test("the shared count decides while it replies, and again once it replies", async () => {
  const shared = buckets(5);
  let away = false;
  const limit = new SharedLimit(buckets(2), async (client) => (away ? undefined : shared.take(client)));
  const answered = async (client: string, count: number, now?: number) => {
    let total = 0;
    for (let i = 0; i < count; i++) if ((await limit.take(client, now)) === 0) total++;
    return total;
  };
  expect(await answered("a", 20)).toBe(5);
  away = true;
  expect(await answered("b", 20)).toBe(2);
  away = false;
  const later = performance.now() + 1000;
  await limit.take("c", later);
  expect(await answered("d", 20, later)).toBe(5);
});

test("a refused client is refused until its next token without asking the shared count again", async () => {
  const shared = buckets(1);
  let asked = 0;
  const limit = new SharedLimit(buckets(1), async (client) => {
    asked++;
    return shared.take(client);
  });
  for (let i = 0; i < 1000; i++) await limit.take("a");
  expect(asked).toBe(2);
});
