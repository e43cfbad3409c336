import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
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
