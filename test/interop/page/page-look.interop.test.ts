import { colormapTable } from "@sbnsis/imaging";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skyLid } from "../../support/inputs/sky-archive.ts";
import { seeded } from "../../support/inputs/sky-frames.ts";
import { hasProgram } from "../../support/oracles.ts";
import {
  canvasPixels,
  type PageSite,
  PLAIN_FRAME,
  pageSite,
  readAt,
  steadyPixels,
} from "../../support/page/page-site.ts";

const viridis = colormapTable("viridis");
/** How much a color of the map changes from one level to the next, at most. */
const VIRIDIS_STEP = viridis
  .slice(3)
  .reduce((most, value, i) => Math.max(most, Math.abs(value - viridis[i]!)), 0);

/** Polls an expectation: a browser on a busy machine takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });
const ready = hasProgram("chromium");
const look = (id: string, query = "") => `/view/image/${encodeURIComponent(id)}${query}`;

describe.runIf(ready)("Look in Chromium", () => {
  let site: PageSite;
  beforeAll(async () => {
    site = await pageSite(2);
  }, 600_000);
  afterAll(() => site?.close());

  const atlasId = async () => {
    const response = await fetch(`${site.url}/query?instrument=ATLAS%20camera%20look-alike`);
    const { results } = (await response.json()) as {
      readonly results: readonly { readonly obs_id: string }[];
    };
    return results[0]!.obs_id;
  };

  test("Look shows the position and value at a moving pointer, with frames whose pixels encode their position", async () => {
    const faults: string[] = [];
    const random = seeded(17);
    let compared = 0;
    for (const index of [0, 4, 7]) {
      const page = await site.open(look(skyLid(index)), faults);
      await page.locator(".viewport canvas").waitFor();
      await readAt(page, 300, 300);
      const box = (await page.locator(".viewport").boundingBox())!;
      for (let k = 0; k < 20; k++) {
        if (k % 5 === 4) await page.mouse.wheel(0, (random() - 0.7) * 500);
        if (k % 10 === 5) await page.getByRole("button", { name: "North up" }).click();
        const found = await readAt(page, random() * box.width, random() * box.height);
        if (found.value === "no value") continue;
        // positions are shown with two decimals, which near an edge do not determine the pixel
        if ([found.x, found.y].some((at) => Math.abs((at % 1) - 0.5) < 0.02)) continue;
        const [x, y] = [Math.round(found.x) - 1, Math.round(found.y) - 1];
        const value = Number(found.value);
        // the value encodes the position of the middle of the pixel, at most half a pixel away
        const limit = 0.75 * 0.00334;
        if (x % 2 === 0 && y % 2 === 0) {
          const aside = (((value - found.ra + 540) % 360) - 180) * Math.cos((found.dec * Math.PI) / 180);
          expect(Math.abs(aside)).toBeLessThan(limit);
          compared++;
        } else if (x % 2 === 1 && y % 2 === 1) {
          expect(Math.abs(value - found.dec)).toBeLessThan(limit);
          compared++;
        } else expect(value).toBe(0);
      }
      await page.close();
    }
    expect(compared).toBeGreaterThan(15);
    expect(faults).toEqual([]);
  }, 300_000);

  test.each([
    ["asinh", "", 1],
    ["linear", "&cmap=viridis", VIRIDIS_STEP],
    ["log", "&invert=true", 1],
    ["sqrt", "", 1],
  ])(
    "pixels of Look on the screen are those of the service's own picture, stretch %s%s, within one level",
    async (stretch, more, limit) => {
      const faults: string[] = [];
      const id = PLAIN_FRAME;
      const cuts = { low: 600, high: 2600 };
      const page = await site.open(
        look(id, `?cut=${cuts.low},${cuts.high}&stretch=${stretch}${more}`),
        faults,
      );
      await page.locator(".viewport canvas").waitFor();
      await page.getByRole("button", { name: "Whole image" }).click();
      await readAt(page, 300, 300);
      // four screen pixels to a pixel, so that the middle of each is its own color
      const scale = await zoomTo(page, 4);
      await page.waitForLoadState("networkidle");
      const [a, b] = [await readAt(page, 100, 100), await readAt(page, 400, 300)];
      const perPixel = (400 - 100) / (b.x - a.x);
      expect(perPixel).toBeCloseTo(scale, 1);
      const query = `format=png&min_cut=${cuts.low}&max_cut=${cuts.high}&stretch=${stretch}${more}`;
      const response = await fetch(`${site.url}/images/${encodeURIComponent(id)}?${query}`);
      const { data, info } = await sharp(await response.arrayBuffer())
        .toColourspace("srgb")
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      await eventually(async () =>
        worstDifference(await canvasPixels(page), { data, info }, a, perPixel),
      ).toBeLessThanOrEqual(limit);
      expect(faults).toEqual([]);
      await page.close();
    },
    180_000,
  );

  test("after a lost graphics context, Look draws the same picture again", async () => {
    const faults: string[] = [];
    const page = await site.open(look(await atlasId()), faults);
    await readAt(page, 300, 300);
    await page.waitForLoadState("networkidle");
    const before = await steadyPixels(page);
    await page.evaluate(`(async () => {
      const canvas = document.querySelector(".viewport canvas");
      const extension = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
      const heard = (name) => new Promise((done) => canvas.addEventListener(name, done, { once: true }));
      const lost = heard("webglcontextlost");
      extension.loseContext();
      await lost;
      await new Promise((done) => setTimeout(done));
      const restored = heard("webglcontextrestored");
      extension.restoreContext();
      await restored;
    })()`);
    await eventually(async () => Buffer.compare((await canvasPixels(page)).data, before.data)).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("Look shows the service's picture if WebGL2 is missing", async () => {
    const faults: string[] = [];
    const page = await site.browser.newPage();
    await page.addInitScript({
      content:
        "for (const kind of [HTMLCanvasElement, OffscreenCanvas]) kind.prototype.getContext = () => null;",
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(site.url + look(await atlasId()));
    const picture = page.locator(".viewport img.fallback");
    await picture.waitFor();
    await eventually(() =>
      page.evaluate<number>('document.querySelector("img.fallback").naturalWidth'),
    ).toBeGreaterThan(100);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("until Look knows the size of the image, it shows the first picture without scale, zoom, cuts or a link to its view", async () => {
    const faults: string[] = [];
    const page = await site.open("/robots.txt", faults);
    let describe = () => {};
    const held = new Promise<void>((resolve) => {
      describe = resolve;
    });
    await page.route(/\/tiles$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(site.url + look(await atlasId()));
    const header = page.getByRole("button", { name: "Header" });
    await eventually(() => header.isEnabled()).toBe(true);
    const shown = async () => ({
      picture: await page.locator(".viewport img.first").count(),
      scale: await page.locator("svg.overlay text").count(),
      zoom: (await page.locator("dt", { hasText: "zoom" }).locator("+ dd").innerText()) !== "–",
      black: (await page.locator('input[type="number"]').first().inputValue()) !== "",
      link: await page.getByRole("link", { name: "FITS of this view" }).count(),
    });
    expect(await shown()).toEqual({ picture: 1, scale: 0, zoom: false, black: false, link: 0 });
    describe();
    await eventually(shown).toEqual({ picture: 0, scale: 3, zoom: true, black: true, link: 1 });
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("a circle is placed in Look by keys alone, before the pointer was over the picture, and its histogram is shown", async () => {
    const faults: string[] = [];
    const page = await site.open(look(PLAIN_FRAME, "?z=1"), faults);
    await eventually(() => page.locator('[data-readout="ra"]').innerText()).toMatch(/^[\d.]+$/);
    await page.locator(".viewport").focus();
    for (const key of ["r", "Enter", "Shift+ArrowRight", "Enter"]) await page.keyboard.press(key);
    await eventually(() => page.locator(".measurements .findings").innerText()).toMatch(/sum above the sky/);
    expect(await page.locator(".measurements svg.histogram").getAttribute("aria-label")).toMatch(
      /^Histogram from/,
    );
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("an unreadable part of Look's address is named, and the image is still shown", async () => {
    const faults: string[] = [];
    const page = await site.open(look(PLAIN_FRAME, "?m=mark:5,"), faults);
    await eventually(() => page.locator(".failure").innerText()).toContain("m=mark:5,");
    await readAt(page, 300, 300);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("Look does not request refused tiles endlessly, but again by a button; a decoder without its script says so", async () => {
    const page = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
    const asked = new Map<string, number>();
    await page.route(/\/tiles\/[^/]+\/\d+\//, (route) => {
      const url = route.request().url();
      asked.set(url, (asked.get(url) ?? 0) + 1);
      return route.fulfill({ status: 404, json: { code: "GONE", detail: "made to fail" } });
    });
    await page.goto(site.url + look(PLAIN_FRAME));
    await eventually(() => page.locator(".viewport-note").innerText()).toContain("made to fail");
    await page.waitForLoadState("networkidle");
    expect([...new Set(asked.values())]).toEqual([1]);
    await page.getByRole("button", { name: "Try again" }).click();
    await eventually(() => Math.max(...asked.values())).toBe(2);
    await page.unroute(/\/tiles\/[^/]+\/\d+\//);
    await page.route(/\/decode-[^/]+\.js$/, (route) => route.abort());
    await page.reload();
    await eventually(() => page.locator(".viewport-note").innerText()).toContain(
      "its script cannot be loaded",
    );
    await page.close();
  }, 180_000);

  test("in Look, contrast by keys and by drags, colors, zooming out and measuring by keys need no request", async () => {
    const faults: string[] = [];
    const page = await site.open(look(await atlasId()), faults);
    await readAt(page, 300, 300);
    await page.waitForLoadState("networkidle");
    const requests: string[] = [];
    page.on("request", (request) => {
      // the browser fetches the icon of the tab at any time
      if (!request.url().endsWith("/favicon.svg")) requests.push(request.url());
    });
    const before = await canvasPixels(page);
    await page.locator(".viewport").focus();
    await page.keyboard.press("s");
    await page.keyboard.press("c");
    await page.keyboard.press("i");
    await eventually(async () => Buffer.compare((await canvasPixels(page)).data, before.data)).not.toBe(0);
    for (const drag of ["right", "Shift"] as const) {
      const dragged = await canvasPixels(page);
      if (drag === "Shift") await page.keyboard.down("Shift");
      await page.mouse.move(400, 300);
      await page.mouse.down({ button: drag === "right" ? "right" : "left" });
      await page.mouse.move(460, 380, { steps: 5 });
      await page.mouse.up({ button: drag === "right" ? "right" : "left" });
      await page.keyboard.up("Shift");
      await eventually(async () => Buffer.compare((await canvasPixels(page)).data, dragged.data)).not.toBe(0);
    }
    // a distance by keyboard alone
    await page.keyboard.press("d");
    await page.keyboard.press("Enter");
    for (let k = 0; k < 3; k++) await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".measurements li").count()).toBe(1);
    expect(await page.locator(".measurements .findings").innerText()).toMatch(/distance\s+[\d.]+[″′]/);
    expect(requests).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);
});

async function zoomTo(page: import("playwright-core").Page, pixels: number): Promise<number> {
  await page.getByRole("button", { name: "1:1" }).click();
  const box = (await page.locator(".viewport").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  // exp(deltaY / 400) is the zoom of the wheel
  await page.mouse.wheel(0, -400 * Math.log(pixels));
  return pixels;
}

/** The largest difference between the colors on the screen and a picture, at middles of pixels. */
function worstDifference(
  canvas: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  {
    data,
    info,
  }: { readonly data: Buffer; readonly info: { readonly width: number; readonly height: number } },
  at: { readonly x: number; readonly y: number },
  perPixel: number,
): number {
  let worst = 0;
  let count = 0;
  for (let row = 0; row < info.height; row++) {
    for (let column = 0; column < info.width; column++) {
      // the readout at the point (100, 100) of the view was (at.x, at.y), counted from 1
      const sx = Math.round(100 + (column + 1 - at.x) * perPixel);
      const sy = Math.round(100 - (row + 1 - at.y) * perPixel);
      if (sx < 2 || sy < 2 || sx >= canvas.width - 2 || sy >= canvas.height - 2) continue;
      const screen = 4 * (sy * canvas.width + sx);
      const picture = 3 * ((info.height - 1 - row) * info.width + column);
      for (let k = 0; k < 3; k++)
        worst = Math.max(worst, Math.abs(canvas.data[screen + k]! - data[picture + k]!));
      count++;
    }
  }
  return count > 5000 ? worst : Number.POSITIVE_INFINITY;
}
