import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { StackRow } from "../../../src/products/stack/stack-request.ts";
import { canvasPixels, nextFrame } from "./page-site.ts";

/** Polls an expectation: a browser on a busy machine takes its time. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** The parts of the browser's API used by functions that run there. */
interface InBrowser {
  readonly document: { readonly activeElement: unknown };
  readonly innerWidth: number;
  readonly innerHeight: number;
  getComputedStyle(element: unknown): { outlineStyle: string; outlineWidth: string; boxShadow: string };
}

/** Whether an element has the focus. */
export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => (globalThis as unknown as InBrowser).document.activeElement === element);

/**
 * Presses Tab until an element has the focus, which must be visible. Errors: an Error if it is not
 * reached.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let k = 0; k < 200 && !(await isFocused(target)); k++) await page.keyboard.press("Tab");
  const seen = await target.evaluate((element) => {
    const { document, innerWidth, innerHeight, getComputedStyle } = globalThis as unknown as InBrowser;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return {
      isFocused: element === document.activeElement,
      isInside: right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
      isMarked: (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none",
    };
  });
  expect(seen, String(target)).toEqual({ isFocused: true, isInside: true, isMarked: true });
}

/** The file that a key press downloads. */
export async function downloadOf(page: Page, press: () => Promise<void>): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return readFileSync(await download.path());
}

/** Whether a file is FITS (Standard 4.0, 3.3.1). */
export const isFits = (bytes: Buffer) => bytes.toString("latin1", 0, 30) === `SIMPLE  =${" ".repeat(20)}T`;

/** The canvas once two successive pictures are the same and no request is pending. */
export async function stillPicture(page: Page): ReturnType<typeof canvasPixels> {
  await page.waitForLoadState("networkidle");
  for (let last = await canvasPixels(page); ; ) {
    await nextFrame(page);
    const next = await canvasPixels(page);
    if (Buffer.compare(last.data, next.data) === 0) return next;
    last = next;
  }
}

/**
 * A server that returns the results of a job as the API of CATCH does, to pages of any origin: the
 * rows, and an image that no service has.
 */
export async function startCatch(job: string, rows: () => readonly StackRow[]): Promise<Server> {
  const api = createServer((request, response) => {
    const headers = { "content-type": "application/json", "access-control-allow-origin": "*" };
    if (request.url !== `/caught/${job}`) return response.writeHead(404, headers).end("{}");
    const found = rows().map(({ id, ra, dec, mjd }) => {
      const date = new Date((mjd - 40_587) * 86_400_000).toISOString().replace("T", " ").replace("Z", "");
      return { product_id: id, ra, dec, date };
    });
    const unknown = { product_id: "urn:nasa:pds:made.survey:data:gone.fits", ra: 150, dec: 20 };
    const data = [...found, { ...unknown, date: "2023-02-25 08:00:00.000" }];
    return response.writeHead(200, headers).end(JSON.stringify({ job_id: job, data }));
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
  return api;
}
