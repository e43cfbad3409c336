import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startArchive } from "../../support/archive/test-archive.ts";
import { makeLabel } from "../../support/inputs/make-label.ts";
import { skyLid } from "../../support/inputs/sky-archive.ts";
import { STAR, STAR_SIGMA, starArea, writeStar } from "../../support/inputs/star-frame.ts";
import { hasProgram } from "../../support/oracles.ts";
import {
  canvasPixels,
  csvOf,
  differing,
  listRow,
  nextFrame,
  type PageSite,
  pageSite,
} from "../../support/page/page-site.ts";
import {
  downloadOf,
  eventually,
  isFits,
  isFocused,
  startCatch,
  stillPicture,
  tabTo,
} from "../../support/page/page-steps.ts";

const ready = hasProgram("chromium");
const FRAMES = 12;
const CATCH_JOB = "0123456789abcdef0123456789abcdef";
const counter = (page: Page) => page.locator(".counter").innerText();

describe.runIf(ready)("stories of the page in Chromium", () => {
  let site: PageSite;
  let api: Server;
  beforeAll(async () => {
    api = await startCatch(CATCH_JOB, () => site.rows);
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    site = await pageSite(FRAMES, { SBNSIS_CATCH_URL: url });
  }, 600_000);
  afterAll(async () => {
    await site?.close();
    api.closeAllConnections();
    api.close();
  });

  test("a CATCH job opens in Compare by its id, from the search box too; an unknown image is listed with its reason, and a job unknown to CATCH is reported", async () => {
    const faults: string[] = [];
    const page = await site.open("/", faults);
    await page.locator(".search input").fill(CATCH_JOB);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/view/set\\?catch=${CATCH_JOB}`));
    await eventually(() => counter(page)).toBe(`1 / ${FRAMES}`);
    await eventually(() => page.locator("tr.unusable").count()).toBe(1);
    expect(await page.locator("tr.unusable").innerText()).toContain("gone.fits");
    expect(faults).toEqual([]);
    await page.close();
    const other = await site.open(`/view/set?catch=${"f".repeat(32)}`, []);
    await eventually(() => other.locator(".failure").innerText()).toMatch(/404/);
  }, 180_000);

  test("with the keyboard alone, an astronomer finds, views, measures, compares and cuts out images, and downloads a stack (WCAG 2.1.1, 2.4.3, 2.4.7)", async () => {
    const faults: string[] = [];
    const page = await site.open("/", faults);
    const keys = async (...pressed: readonly string[]) => {
      for (const key of pressed) await page.keyboard.press(key);
    };
    const viewport = page.locator(".viewport");

    // Find: a position in the search box of the start page, two of the images ticked
    await tabTo(page, page.locator(".search input"));
    const header = await fetch(`${site.url}/images/${encodeURIComponent(skyLid(1))}?format=header`);
    const text = await header.text();
    const card = (name: string) => new RegExp(`^${name} *= *([-+.\\dE]+)`, "m").exec(text)![1]!;
    await page.keyboard.insertText(`${card("CRVAL1")} ${card("CRVAL2")}`);
    await keys("Enter");
    await page.waitForURL(/pos=/);
    await eventually(() => page.getByRole("option").count()).toBeGreaterThan(0);
    const place = page.getByLabel("Place", { exact: true });
    await tabTo(page, place);
    await keys("Control+a", "Delete");
    const identifier = page.getByRole("textbox", { name: "Identifier" });
    await tabTo(page, identifier);
    await page.keyboard.insertText(skyLid(1).replace(/\d+$/, "*"));
    await keys("Enter");
    await page.waitForURL(/obs_id=/);
    await eventually(() => page.locator(".find-bar h1").innerText()).toBe("12 images");
    // a search does not move the focus
    expect(await isFocused(identifier)).toBe(true);
    await tabTo(page, page.getByRole("listbox", { name: "Images" }));
    await keys("Space");
    await eventually(() => page.url()).toContain("#rows=");
    const withOne = page.url();
    await keys("ArrowDown", "Space");
    await page.getByRole("link", { name: "Compare 2" }).waitFor();
    // the address changes once the list is compressed
    await eventually(() => page.url() !== withOne && page.url().includes("#rows=")).toBe(true);

    // Look: value and position, brightness, a measurement, the header, a file
    await keys("Enter");
    await page.waitForURL(/\/view\/image\//);
    await tabTo(page, viewport);
    await eventually(() => page.locator('[data-readout="ra"]').innerText()).toMatch(/^[\d.]+$/);
    const before = await page.locator('[data-readout="x"]').innerText();
    await keys("Shift+ArrowRight", "+", "Control+ArrowUp", "s", "r", "Enter", "Shift+ArrowDown", "Enter");
    await eventually(() => page.locator('[data-readout="x"]').innerText()).not.toBe(before);
    await eventually(() => page.locator(".measurements .findings").innerText()).toMatch(/sum above the sky/);
    await keys("h");
    await page.locator("dialog .header-cards").waitFor();
    await keys("Escape");
    await eventually(() => isFocused(viewport)).toBe(true);
    await tabTo(page, page.getByRole("slider", { name: "contrast" }));
    await keys("ArrowRight");
    await eventually(() => new URL(page.url()).searchParams.get("bar")).not.toBeNull();
    const remove = page.getByRole("button", { name: "Remove this circle" });
    await tabTo(page, remove);
    await keys("Enter");
    await eventually(() => remove.count()).toBe(0);
    expect(await page.evaluate<boolean>("document.activeElement !== document.body")).toBe(true);
    await tabTo(page, page.getByRole("link", { name: "FITS of this view" }));
    expect(isFits(await downloadOf(page, () => keys("Enter")))).toBe(true);

    // Compare: back to the ticked images, which are in the address
    await page.goBack();
    const compare = page.getByRole("link", { name: "Compare 2" });
    await compare.waitFor();
    await tabTo(page, compare);
    await keys("Enter");
    await page.waitForURL(/\/view\/set\?ids=/);
    await eventually(() => counter(page)).toBe("1 / 2");
    await tabTo(page, page.getByRole("button", { name: "Next image" }));
    await keys("Enter");
    await eventually(() => counter(page)).toBe("2 / 2");

    // Cut: a list in, its files out
    await tabTo(page, page.getByRole("link", { name: "Cut", exact: true }));
    await keys("Enter");
    await page.waitForURL(/\/view\/cut/);
    await tabTo(page, page.getByRole("button", { name: "Example" }));
    await keys("Enter");
    expect(await isFocused(page.locator("#list"))).toBe(true);
    await keys("Control+a");
    await page.keyboard.insertText(csvOf(site));
    const make = page.getByRole("button", { name: `Make ${FRAMES} cutouts` });
    await eventually(() => make.isEnabled()).toBe(true);
    await tabTo(page, make);
    await keys("Enter");
    await page.getByRole("link", { name: "All files (zip)" }).waitFor();
    await tabTo(page, page.locator(".batch-files").getByRole("link", { name: "Compare" }));
    await keys("Enter");
    await page.waitForURL(/\/view\/set\?batch=/);

    // blink, align, marks, leave out, stack, sliders, a file
    await eventually(() => counter(page)).toMatch(/^\d+ \/ 12$/);
    await tabTo(page, viewport);
    const shown = await counter(page);
    await keys("b");
    await eventually(() => counter(page)).not.toBe(shown);
    await keys("b", "k", "n", "e", "t");
    const stackTitle = page.locator("#stack-title");
    await eventually(() => stackTitle.textContent()).toBe("Stack of 11");
    expect(await isFocused(viewport)).toBe(true);
    await tabTo(page, page.getByLabel("velocity"));
    await keys("Space");
    await eventually(() => new URL(page.url()).searchParams.get("marks")).toContain("v");
    await tabTo(page, page.getByLabel("combine"));
    await keys("m", "e", "a");
    await tabTo(page, page.getByRole("slider", { name: "along the ellipse" }));
    await keys("ArrowRight");
    await eventually(() => new URL(page.url()).searchParams.get("along")).toBe("0.05");
    await eventually(() => new URL(page.url()).searchParams.get("stack")).toMatch(/^mean,/);
    const reset = page.getByRole("button", { name: "As predicted" });
    await tabTo(page, reset);
    await keys("Enter");
    await eventually(() => reset.isDisabled()).toBe(true);
    // a control that becomes disabled does not send the next Tab to the top of the page
    await keys("Tab");
    expect(await isFocused(page.getByRole("button", { name: "Mark (M)" }))).toBe(true);
    await tabTo(page, page.getByRole("link", { name: "stack.fits" }));
    const stack = await downloadOf(page, () => keys("Enter"));
    expect(isFits(stack)).toBe(true);
    // the frame that was left out is in neither stack
    expect(/^NCOMBINE= +(\d+)/m.exec(stack.toString("latin1").replaceAll(/.{80}/g, "$&\n"))?.[1]).toBe("11");
    expect(faults).toEqual([]);
    await page.close();
  }, 600_000);

  test("a batch that is still being made is blinked with the frames made so far, and grows (oracle: the rows of the list)", async () => {
    const faults: string[] = [];
    const first = site.rows[0]!;
    const bytes = readFileSync(join(site.place.directory, "moving", first.id.split(":").at(-1)!));
    const archive = await startArchive(bytes);
    const labels = join(site.place.directory, "slow");
    mkdirSync(labels);
    const late = [0, 1].map((k) => `urn:nasa:pds:made.survey:slow:late${k}.fits`);
    for (const [k, lid] of late.entries())
      writeFileSync(join(labels, `late${k}.xml`), makeLabel({ lid, file: `late${k}.fits` }));
    const base = archive.url.replace("/frames/a.fits", "");
    const added = await site.place.run(
      "sbnsis-add",
      "-r",
      "--base-url",
      base,
      "--strip-leading",
      labels,
      labels,
    );
    expect(added.stderr).toContain("2 added");
    let release = () => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    archive.faults.push(
      ...Array.from({ length: 8 }, () => (...exchange: Parameters<typeof archive.serve>) => {
        void isReleased.then(() => archive.serve(...exchange));
      }),
    );
    // earlier than all others, so that they come before the image shown
    const early = late.map((obs_id, k) => ({ ...listRow(first), obs_id, mjd: first.mjd! - 1 + k / 24 }));
    const id = await site.batch([...site.rows.map(listRow), ...early], "4arcmin", 0);
    try {
      const page = await site.open(`/view/set?batch=${id}&size=4`, faults);
      await eventually(() => counter(page)).toMatch(/^\d+ \/ 12, 2 more being made$/);
      await page.locator(".viewport").focus();
      const shown = await counter(page);
      await page.keyboard.press("b");
      await eventually(() => counter(page)).not.toBe(shown);
      await page.keyboard.press("b");
      const [at] = (await counter(page)).split(" ");
      const tag = await page.locator(".tag").innerText();
      release();
      await eventually(() => counter(page)).toBe(`${Number(at) + 2} / 14`);
      expect(await page.locator(".tag").innerText()).toBe(tag);
      expect(await page.locator(".frames tbody tr").count()).toBe(14);
      expect(faults).toEqual([]);
      await page.close();
    } finally {
      release();
      await archive.close();
    }
  }, 240_000);

  test("a list in the address after #rows= is opened in Compare, and a reload shows the same (oracle: the list)", async () => {
    const faults: string[] = [];
    const { rowsText } = await import("../../../page/sets/rows-text.ts");
    const rows = await rowsText(csvOf(site));
    const page = await site.open(`/view/set?size=5&i=4&align=sky&marks=-&cut=900,1400#rows=${rows}`, faults);
    await eventually(() => counter(page)).toBe("4 / 12");
    const before = await stillPicture(page);
    await page.reload();
    await eventually(() => counter(page)).toBe("4 / 12");
    await eventually(async () => Buffer.compare((await canvasPixels(page)).data, before.data)).toBe(0);
    expect(page.url()).toContain(`#rows=${rows}`);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);

  test("a link of fewer than 2,000 characters restores set, frame, position, zoom, rotation, stretch, cuts, alignment, marks, frames left out, eight measurements and stack", async () => {
    const faults: string[] = [];
    const id = await site.batch(site.rows.map(listRow), "5arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=5`, faults);
    await eventually(() => counter(page)).toMatch(/^\d+ \/ 12$/);
    await page.locator(".viewport").focus();
    for (const key of ["k", "]", "]", "s", "c", "i", "+", "x", "Control+ArrowUp", "e", "]", "]", "e"])
      await page.keyboard.press(key);
    for (let k = 0; k < 8; k++)
      for (const key of ["l", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", "l"])
        await page.keyboard.press(key);
    await page.getByRole("spinbutton", { name: "black" }).fill("700");
    await page.getByRole("spinbutton", { name: "white" }).fill("2100.5");
    await page.getByRole("slider", { name: "contrast" }).fill("0.3");
    await page.getByLabel("velocity").check();
    await page.locator(".viewport").focus();
    await page.keyboard.press("t");
    await page.getByLabel("combine").selectOption("weighted");
    await eventually(() => page.locator("#stack-title").textContent()).toBe("Stack of 10");
    const shown = await counter(page);
    const before = await stillPicture(page);
    await eventually(() => new URL(page.url()).searchParams.get("stack")).toMatch(/^weighted,/);
    const address = page.url();
    expect(address.length).toBeLessThan(2000);
    await page.close();
    const again = await site.open(address.slice(site.url.length), faults);
    await eventually(() => counter(again)).toBe(shown);
    expect(await again.locator(".measurements li").count()).toBe(8);
    await eventually(() => again.locator("#stack-title").textContent()).toBe("Stack of 10");
    expect(await again.getByLabel("combine").inputValue()).toBe("weighted");
    expect(await again.getByLabel("velocity").isChecked()).toBe(true);
    await eventually(async () => differing(await canvasPixels(again), before)).toBeLessThan(0.001);
    // the page writes the same address that it was opened with
    expect(again.url()).toBe(address);
    expect(faults).toEqual([]);
    await again.close();
  }, 240_000);

  test("a minute of the fastest blinking, 600 pictures, makes no request and adds less than 5 percent to the heap (oracle: Chromium after collecting garbage)", async () => {
    const faults: string[] = [];
    const id = await site.batch(site.rows.map(listRow), "5arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=5`, faults);
    await eventually(() => counter(page)).toMatch(/^\d+ \/ 12$/);
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    await page.locator(".viewport").focus();
    const step = async (times: number) => {
      for (let k = 0; k < times; k++) await page.keyboard.press("]");
      await nextFrame(page);
    };
    // maps of frames, and the browser's compiled code, are made once
    await step(1000);
    await page.waitForLoadState("networkidle");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const before = await heap();
    await step(600);
    expect((await heap()) / before).toBeLessThan(1.05);
    expect(requests.filter((url) => !url.endsWith("/favicon.svg"))).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  }, 600_000);

  test("a star has one size in arcseconds in frames of 1.01 and of 1.86 arcsec per pixel (oracle: the formula it was made by)", async () => {
    const faults: string[] = [];
    const folder = join(site.place.directory, "stars");
    mkdirSync(folder);
    const rows = [1.01, 1.86].map((scale, k) => ({
      obs_id: writeStar(folder, scale),
      ...STAR,
      mjd: 59_000 + k,
    }));
    expect((await site.place.run("sbnsis-add", "-r", "stars")).stderr).toContain("2 added");
    const id = await site.batch(rows, "2arcmin");
    const page = await site.open(`/view/set?batch=${id}&size=2&marks=-&cut=0,1000&stretch=linear`, faults);
    await eventually(() => counter(page)).toBe("1 / 2");
    const areas: number[] = [];
    for (let k = 0; k < 2; k++) {
      areas.push(starArea(await stillPicture(page), 120));
      await page.getByRole("button", { name: "Next image" }).click();
    }
    // interpolation between pixels adds about a sixth of their squares to the variance
    for (const area of areas) expect(Math.abs(area / (2 * Math.PI * STAR_SIGMA ** 2) - 1)).toBeLessThan(0.06);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);
});
