import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skyLid } from "../../support/inputs/sky-archive.ts";
import { seeded } from "../../support/inputs/sky-frames.ts";
import { hasProgram } from "../../support/oracles.ts";
import {
  canvasPixels,
  differing,
  listRow,
  nextFrame,
  type PageSite,
  pageSite,
  readAt,
  readRounded,
} from "../../support/page/page-site.ts";
import {
  middleOf,
  nextStack,
  primaryValues,
  type SeenStack,
  watchStacks,
} from "../../support/page/page-stacks.ts";
import { eventually } from "../../support/page/page-steps.ts";

const ready = hasProgram("chromium");
const FRAMES = 12;
/** Noise of a frame. */
const NOISE = 10;

describe.runIf(ready)("Compare in Chromium", () => {
  let site: PageSite;
  let moving: string;
  beforeAll(async () => {
    site = await pageSite(FRAMES);
    moving = await site.batch(site.rows.map(listRow), "5arcmin");
  }, 600_000);
  afterAll(() => site?.close());

  const openMoving = async (faults: string[], query = "", size?: { width: number; height: number }) => {
    const page = await site.open(`/view/set?batch=${moving}&size=5${query}`, faults, size);
    await eventually(() => page.locator(".counter").innerText()).toMatch(/^\d+ \/ 12$/);
    return page;
  };

  test("Compare shows the position and value at a moving pointer, with frames whose pixels encode their position, aligned or not", async () => {
    const faults: string[] = [];
    const random = seeded(23);
    const places = await Promise.all(
      [1, 4, 7].map(async (index) => {
        const response = await fetch(`${site.url}/images/${encodeURIComponent(skyLid(index))}?format=header`);
        const text = await response.text();
        const card = (name: string) => Number(new RegExp(`^${name} *= *([-+.\\dE]+)`, "m").exec(text)![1]);
        return { obs_id: skyLid(index), ra: card("CRVAL1"), dec: card("CRVAL2"), mjd: 59_000 + index / 24 };
      }),
    );
    const id = await site.batch(places, "40arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=40`, faults);
    await eventually(() => page.locator(".counter").innerText()).toMatch(/^1 \/ 3$/);
    let compared = 0;
    const box = (await page.locator(".viewport").boundingBox())!;
    for (let k = 0; k < 90; k++) {
      if (k % 15 === 0) {
        await page.locator(".viewport").focus();
        await page.keyboard.press(["o", "k", "p"][(k / 15) % 3]!);
      }
      if (k % 5 === 4) await page.getByRole("button", { name: "Next image" }).click();
      const found = await readRounded(page, random() * box.width, random() * box.height);
      const value = Number(found.value);
      if (Number.isNaN(value)) continue;
      const [x, y] = [Math.round(found.x) - 1, Math.round(found.y) - 1];
      // a cutout begins at any pixel of its frame, so its values tell which kind a pixel is;
      // packed floats are rounded to a part of their noise
      const ra = Math.abs((((value - found.ra + 540) % 360) - 180) * Math.cos((found.dec * Math.PI) / 180));
      const dec = Math.abs(value - found.dec);
      if (Math.abs(value) < 0.02 && Math.min(ra, dec) > 0.01) continue;
      expect(Math.min(ra, dec), `pixel ${x}, ${y} has ${value}`).toBeLessThan(0.02);
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
    expect(faults).toEqual([]);
    await page.close();
  }, 300_000);

  test("blinking in Compare makes no request, goes through the frames that are in use, and keeps the address", async () => {
    const faults: string[] = [];
    const page = await openMoving(faults, "&rate=3&off=3-10");
    const requests: string[] = [];
    page.on("request", (request) => {
      // the browser fetches the icon of the tab at any time
      if (!request.url().endsWith("/favicon.svg")) requests.push(request.url());
    });
    const seen = new Set<string>();
    await page.exposeFunction("sawImage", (text: string) => seen.add(text));
    await page.evaluate(`(() => {
      const counter = document.querySelector(".counter");
      const watch = new MutationObserver(() => window.sawImage(counter.textContent));
      watch.observe(counter, { characterData: true, childList: true, subtree: true });
    })()`);
    await page.getByRole("button", { name: "Blink" }).click();
    await eventually(() => seen.size).toBe(4);
    await page.getByRole("button", { name: "Pause" }).click();
    expect([...seen].sort()).toEqual(["1 / 12", "11 / 12", "12 / 12", "2 / 12"]);
    expect(requests).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("Compare keeps the object under its mark when the object is aligned, and the star when the sky is", async () => {
    const faults: string[] = [];
    const page = await openMoving(faults, "&marks=-&stretch=linear");
    const brightest = async () => {
      const { width, height, data } = await canvasPixels(page);
      // the center of light within 20 pixels of the middle of the view
      let [sum, sx, sy] = [0, 0, 0];
      for (let y = (height >> 1) - 20; y <= (height >> 1) + 20; y++) {
        for (let x = (width >> 1) - 20; x <= (width >> 1) + 20; x++) {
          const light = Math.max(0, data[4 * (y * width + x)]! - 60);
          sum += light;
          sx += light * (x + 0.5 - width / 2);
          sy += light * (y + 0.5 - height / 2);
        }
      }
      return { x: sx / sum, y: sy / sum };
    };
    const places: { x: number; y: number }[] = [];
    for (let k = 0; k < FRAMES; k++) {
      await nextFrame(page);
      places.push(await brightest());
      await page.getByRole("button", { name: "Next image" }).click();
    }
    // 1500 counts over 10 of noise: the center of light wanders by a part of a pixel of the frame,
    // which is about four of the screen; half a pixel of the frame would be two
    for (const { x, y } of places) expect(Math.hypot(x, y)).toBeLessThan(2);
    const mean = places.reduce((a, b) => ({ x: a.x + b.x / FRAMES, y: a.y + b.y / FRAMES }), { x: 0, y: 0 });
    expect(Math.hypot(mean.x, mean.y)).toBeLessThan(0.8);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("a stack made in the browser is the service's stack.fits within a millionth of the noise, for every combination", async () => {
    const faults: string[] = [];
    const path = `/view/set?batch=${moving}&size=5&stack=median,cubic,object,all`;
    const page = await watchStacks(site, path, faults);
    for (const combine of ["median", "mean", "clipped", "weighted"]) {
      await page.getByLabel("combine").selectOption(combine);
      const query = `combine=${combine}&interpolation=cubic&align=object&size=121px`;
      const response = await fetch(`${site.url}/batch/${moving}/stack.fits?${query}`);
      expect(response.status).toBe(200);
      const served = await primaryValues(new Uint8Array(await response.arrayBuffer()));
      // the stacks of other combinations may still arrive
      await eventually(async () => difference(await nextStack(page, 1), served)).toBeLessThan(1e-6 * NOISE);
    }
    expect(faults).toEqual([]);
    await page.close();
  }, 300_000);

  test("links to stack.fits are to the frames that the page stacks: of one survey, or of each night (oracle: NCOMBINE of the files)", async () => {
    const faults: string[] = [];
    const { results } = (await (
      await fetch(`${site.url}/query?obs_id=urn:nasa:pds:gbo.ast.atlas*`)
    ).json()) as {
      readonly results: readonly { readonly obs_id: string; readonly corners: readonly [number, number][] }[];
    };
    const other = results.slice(0, 2).map(({ obs_id, corners }) => {
      const [ra, dec] = corners[0]!.map((value, k) => (value + corners[2]![k]!) / 2);
      return { obs_id, ra, dec };
    });
    const id = await site.batch([...site.rows.slice(0, 5).map(listRow), ...other], "5arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=5&i=7&stack=mean,cubic,object,all`, faults);
    const title = page.locator("#stack-title");
    await eventually(() => title.textContent()).toBe("Stack of 7");
    const links = page.getByRole("link", { name: "stack.fits" });
    const numbers = async () => {
      const hrefs = await links.evaluateAll((all) => all.map((each) => (each as { href?: string }).href!));
      return Promise.all(
        hrefs.map(async (href) => {
          const response = await fetch(href);
          expect(response.status).toBe(200);
          const text = Buffer.from(await response.arrayBuffer()).toString("latin1");
          return Number(/NCOMBINE= +(\d+)/.exec(text)?.[1]);
        }),
      );
    };
    expect(await numbers()).toEqual([7]);
    for (const [group, shown, combined] of [
      ["survey", "Stack of 5", [5]],
      ["nights", /^Stacks of [23] nights$/, undefined],
    ] as const) {
      await page.locator("label", { hasText: /^of/ }).locator("select").selectOption(group);
      if (typeof shown === "string") await eventually(() => title.textContent()).toBe(shown);
      else await eventually(() => title.textContent()).toMatch(shown);
      const found = await numbers();
      if (combined !== undefined) expect(found).toEqual(combined);
      else expect(found.reduce((sum, each) => sum + each, 0)).toBe(7);
    }
    expect(faults).toEqual([]);
    await page.close();
  }, 300_000);

  test("the document of a batch shows its first frame and requests the first cutouts, each of which is requested once", async () => {
    const faults: string[] = [];
    const path = `/view/set?batch=${moving}&size=5&i=3`;
    const html = await (await fetch(site.url + path)).text();
    const [, src] = /<img class="first" src="([^"]+)"/.exec(html) ?? [];
    const picture = await fetch(new URL(src!.replaceAll("&amp;", "&"), site.url + path));
    expect(picture.headers.get("content-type")).toBe("image/jpeg");
    const fetched = [...html.matchAll(/as="fetch" crossorigin href="([^"]+)"/g)]
      .map(([, href]) => new URL(href!.replaceAll("&amp;", "&"), site.url + path).href)
      .filter((href) => href.includes("format=fits"));
    expect(fetched).toHaveLength(6);
    const page = await openMoving(faults, "&i=3");
    await eventually(() => page.locator(".counter").innerText()).toBe("3 / 12");
    // a cutout that the page requests by another address would be requested twice
    const requested = async () =>
      (
        await page.evaluate<readonly string[]>(
          `performance.getEntriesByType("resource").map(({ name }) => name)`,
        )
      ).filter((name) => name.includes("pack=rice"));
    await eventually(async () => (await requested()).length).toBeGreaterThanOrEqual(FRAMES);
    const all = await requested();
    expect(all).toHaveLength(FRAMES);
    expect(all).toEqual(expect.arrayContaining(fetched));
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("a motion slider of Compare stacks again, and the object is brightest with its own motion", async () => {
    const faults: string[] = [];
    const page = await watchStacks(
      site,
      `/view/set?batch=${moving}&size=5&stack=mean,cubic,object,all`,
      faults,
    );
    const own = middleOf(await nextStack(page, 1));
    await page.getByLabel("rate, ″/h").first().fill("80");
    const other = middleOf(await nextStack(page, 2));
    expect(own).toBeGreaterThan(5 * Math.abs(other));
    await page.getByRole("button", { name: "As predicted" }).click();
    await eventually(async () => middleOf(await nextStack(page, 3))).toBeCloseTo(own, 9);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("the address of Compare restores frame, alignment, zoom, brightness, marks, frames left out and a measurement", async () => {
    const faults: string[] = [];
    const page = await openMoving(faults);
    await page.locator(".viewport").focus();
    for (const key of ["]", "]", "k", "s", "e", "+"]) await page.keyboard.press(key);
    await page.getByLabel("velocity").check();
    await readAt(page, 300, 200);
    await page.locator(".viewport").focus();
    for (const key of ["m", "Enter"]) await page.keyboard.press(key);
    await eventually(() => new URL(page.url()).searchParams.get("m")).toMatch(/^mark:/);
    const address = page.url();
    expect(new URL(address).searchParams.get("off")).not.toBeNull();
    const before = await canvasPixels(page);
    await page.close();
    const again = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await again.goto(address);
    await eventually(() => again.locator(".counter").innerText()).toBe("3 / 12");
    expect(await again.locator(".measurements li").count()).toBe(1);
    expect(await again.getByLabel("velocity").isChecked()).toBe(true);
    await eventually(async () => differing(await canvasPixels(again), before)).toBeLessThan(0.001);
    await again.close();
  }, 180_000);

  test("Compare soon shows frames of floats, which then get the values of their files (oracle: the service's own FITS)", async () => {
    const faults: string[] = [];
    const places = [1, 4].map((index) => ({ obs_id: skyLid(index), ra: 0, dec: 0, mjd: 59_000 + index }));
    for (const place of places) {
      const url = `${site.url}/images/${encodeURIComponent(place.obs_id)}?format=header`;
      const text = await (await fetch(url)).text();
      const card = (name: string) => Number(new RegExp(`^${name} *= *([-+.\\dE]+)`, "m").exec(text)![1]);
      Object.assign(place, { ra: card("CRVAL1"), dec: card("CRVAL2") });
    }
    const id = await site.batch(places, "5arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=5`, faults);
    const shown = await readAt(page, 300, 200);
    const { obs_id, ra, dec } = places[0]!;
    const url = `${site.url}/images/${encodeURIComponent(obs_id)}?ra=${ra}&dec=${dec}&size=5arcmin&format=fits`;
    const values = await primaryValues(new Uint8Array(await (await fetch(url)).arrayBuffer()));
    const side = Math.sqrt(values.length);
    const [x, y] = [Math.round(shown.x) - 1, Math.round(shown.y) - 1];
    expect(Number(shown.value)).toBe(Number(values[y * side + x]!.toPrecision(9)));
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("Compare draws a frame of floats after one of integers, and integers again", async () => {
    const faults: string[] = [];
    const floats = skyLid(1);
    const text = await (await fetch(`${site.url}/images/${encodeURIComponent(floats)}?format=header`)).text();
    const card = (name: string) => Number(new RegExp(`^${name} *= *([-+.\\dE]+)`, "m").exec(text)![1]);
    const other = { obs_id: floats, ra: card("CRVAL1"), dec: card("CRVAL2"), mjd: 99_000 };
    const id = await site.batch([listRow(site.rows[0]!), other], "5arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=5`, faults);
    const counter = () => page.locator(".counter").innerText();
    await eventually(counter).toBe("1 / 2");
    /** The fraction of the canvas that shows pixels. */
    const drawn = async () => {
      const { data } = await canvasPixels(page);
      let outside = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 11 && data[i + 1] === 14 && data[i + 2] === 19) outside++;
      }
      return 1 - outside / (data.length / 4);
    };
    for (const shown of ["1 / 2", "2 / 2", "1 / 2", "2 / 2"]) {
      await eventually(counter).toBe(shown);
      await eventually(drawn).toBeGreaterThan(0.3);
      await page.getByRole("button", { name: "Next image" }).click();
    }
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("a difference in Compare has no stars, rotation and header have keys, and each night has a stack", async () => {
    const faults: string[] = [];
    const page = await openMoving(faults, "&marks=-&align=sky&stack=median,cubic,sky,nights");
    await eventually(() => page.locator(".stack-figure figcaption").count()).toBeGreaterThan(0);
    const total = (await page.locator(".stack-figure figcaption").allInnerTexts())
      .map((text) => Number(/(\d+) images?$/.exec(text)![1]))
      .reduce((sum, count) => sum + count, 0);
    expect(total).toBe(FRAMES);
    const plain = await canvasPixels(page);
    await page.getByLabel("show").selectOption("previous");
    await eventually(() => page.locator(".tag").innerText()).toContain("minus the previous image");
    await eventually(async () => differing(await canvasPixels(page), plain)).toBeGreaterThan(0.2);
    expect(new URL(page.url()).searchParams.get("diff") ?? "").toMatch(/^(previous)?$/);
    await page.getByLabel("show").selectOption("stack");
    await eventually(() => page.locator(".tag").innerText()).not.toContain("not yet");
    await page.locator(".viewport").focus();
    for (const key of ["x", "n"]) await page.keyboard.press(key);
    await page.keyboard.press("x");
    await eventually(() => new URL(page.url()).searchParams.get("flip")).toBe("true");
    await page.keyboard.press("h");
    await eventually(() => page.locator(".header-cards").innerText()).toContain("CRVAL1");
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("Compare loads and blinks 500 frames without a fault", async () => {
    const faults: string[] = [];
    const rows = Array.from({ length: 500 }, (_, k) => ({
      ...listRow(site.rows[k % FRAMES]!),
      row: String(k),
    }));
    const id = await site.batch(rows, "3arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=3`, faults);
    await expect
      .poll(() => page.locator(".counter").innerText(), { timeout: 60_000 })
      .toMatch(/^\d+ \/ 500$/);
    expect(await page.locator(".frames tbody tr").count()).toBe(500);
    await page.locator(".viewport").focus();
    for (let k = 0; k < 20; k++) await page.keyboard.press("]");
    await eventually(() => page.locator(".counter").innerText()).toBe("21 / 500");
    expect(faults).toEqual([]);
    await page.close();
  }, 300_000);
});

/**
 * The largest difference of two stacks of all frames; infinite if they have few pixels in common.
 */
function difference({ side, frames, values }: SeenStack, served: ArrayLike<number>): number {
  let worst = 0;
  let both = 0;
  for (const [i, value] of values.entries()) {
    const other = served[i]!;
    if (value === null || Number.isNaN(other)) continue;
    worst = Math.max(worst, Math.abs(Math.fround(value) - other));
    both++;
  }
  return side === 121 && frames === FRAMES && both > 10_000 ? worst : Number.POSITIVE_INFINITY;
}
