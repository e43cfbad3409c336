import { describeImage, memorySource, openFits, planSection, readSection } from "@sbnsis/fits";
import type { Page } from "playwright-core";
import { type PageSite, until } from "./page-site.ts";

/** A stack as the worker of the page sent it. */
export interface SeenStack {
  readonly side: number;
  readonly values: readonly (number | null)[];
  readonly frames: number;
}

/** Opens a view whose stacks can be read as the worker sends them. */
export async function watchStacks(site: PageSite, path: string, faults: string[]): Promise<Page> {
  const page = await site.open("/robots.txt", faults);
  await page.addInitScript({
    content: `window.stacks = [];
      window.Worker = class extends Worker {
        constructor(...args) {
          super(...args);
          this.addEventListener("message", ({ data: { stack } }) => {
            if (stack === undefined) return;
            const values = Array.from(stack.values, (value) => (Number.isNaN(value) ? null : value));
            window.stacks.push({ side: stack.side, frames: stack.frames, values });
          });
        }
      };`,
  });
  await page.goto(`${site.url}${path}`);
  return page;
}

/** The last stack, once this many have arrived since the page was opened. */
export async function nextStack(page: Page, atLeast: number): Promise<SeenStack> {
  await until(page, `window.stacks.length >= ${atLeast}`);
  return page.evaluate<SeenStack>("window.stacks.at(-1)");
}

/** The pixels of the primary image of a FITS file of floats. */
export async function primaryValues(bytes: Uint8Array): Promise<ArrayLike<number>> {
  const source = memorySource(bytes);
  const { hdus } = await openFits(source);
  const image = (await describeImage(source, hdus[0]!))!;
  const [width = 0, height = 0] = image.naxis;
  const stored = await readSection(source, planSection(image, { start: [0, 0], shape: [width, height] }));
  return stored as Float32Array;
}

/** The sum of the middle 3 x 3 pixels. */
export function middleOf({ side, values }: SeenStack): number {
  const middle = side >> 1;
  let sum = 0;
  for (let y = middle - 1; y <= middle + 1; y++)
    for (let x = middle - 1; x <= middle + 1; x++) sum += values[y * side + x] ?? 0;
  return sum;
}
