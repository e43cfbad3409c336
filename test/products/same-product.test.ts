import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  cutoutUrl,
  imageAt,
  type ProductApp,
  productApp,
  smallFrame,
} from "../support/products/product-app.ts";

let folder: string;
let nodes: ProductApp[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-same-"));
  writeFileSync(join(folder, "a.fits"), smallFrame());
  utimesSync(join(folder, "a.fits"), 1_600_000_000, 1_600_000_000.25);
  nodes = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(nodes.map((node) => node.close()));
  rmSync(folder, { recursive: true });
});

/** A node of the service with a cache of its own. */
async function node(cache: string): Promise<ProductApp["app"]> {
  const started = await productApp([imageAt("a", pathToFileURL(join(folder, "a.fits")).href)], {
    SBNSIS_CUTOUT_CACHE: join(folder, cache),
  });
  nodes.push(started);
  return started.app;
}

const whole = "/images/urn:nasa:pds:test.survey:data:a?format=png";
const products = [cutoutUrl("a"), cutoutUrl("a", 21, "&format=jpeg"), whole];

test("a product has the same bytes, ETag and Last-Modified on every node and after every eviction, so that downloads can be resumed (RFC 9110, 8.8)", async () => {
  const first = await node("one");
  const answers = await Promise.all(products.map((url) => first.inject(url)));
  // a year later, on another node
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 365 * 86_400_000 });
  const second = await node("two");
  for (const [i, url] of products.entries()) {
    const before = answers[i]!;
    const again = await second.inject(url);
    expect(again.statusCode).toBe(200);
    expect(digest(again.rawPayload)).toBe(digest(before.rawPayload));
    expect(again.headers.etag).toBe(before.headers.etag);
    expect(again.headers["last-modified"]).toBe("Sun, 13 Sep 2020 12:26:40 GMT");
    expect(before.headers["last-modified"]).toBe("Sun, 13 Sep 2020 12:26:40 GMT");
    const { etag } = before.headers as { readonly etag: string };
    expect((await second.inject({ url, headers: { "if-none-match": etag } })).statusCode).toBe(304);
    const range = { range: "bytes=100-", "if-range": etag };
    const rest = await second.inject({ url, headers: range });
    expect(rest.statusCode).toBe(206);
    expect(rest.rawPayload.equals(before.rawPayload.subarray(100))).toBe(true);
  }
});

test("a FITS cutout states the time of its source, not the time at which it was made", async () => {
  const { body } = await (await node("one")).inject(cutoutUrl("a"));
  expect(body).toContain("COMMENT from a file last modified on 2020-09-13T12:26:40");
  expect(body).not.toContain(`${new Date().getUTCFullYear()}-`);
});

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
