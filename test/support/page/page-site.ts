import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  describeImage,
  imageHdu,
  memorySource,
  openFits,
  planSection,
  readSection,
  valueCard,
} from "@sbnsis/fits";
import { type Browser, chromium, type Page } from "playwright-core";
import type { StackRow } from "../../../src/products/stack/stack-request.ts";
import { freePort } from "../cluster/service-under-test.ts";
import { gnomonicCards } from "../inputs/made-fits.ts";
import { makeLabel } from "../inputs/make-label.ts";
import { movingFrames } from "../inputs/moving-frames.ts";
import { seeded } from "../inputs/sky-frames.ts";
import { type Workplace, workplace } from "../programs/built-program.ts";
import { startWebServer } from "../servers/web-server.ts";

/** A running service with frames to show, and a browser. */
export interface PageSite {
  readonly url: string;
  readonly browser: Browser;
  /** Frames of a moving object, as rows of a list. */
  readonly rows: readonly StackRow[];
  /** Folder of the service; `sbnsis-add` adds what is in it. */
  readonly place: Workplace;
  /** Makes a batch of rows of a list and waits up to `wait` seconds for it; returns its id. */
  batch(rows: readonly object[], size: string, wait?: number): Promise<string>;
  /** A page of a size; faults of its scripts are collected. */
  open(path: string, faults: string[], size?: { width: number; height: number }): Promise<Page>;
  close(): Promise<void>;
}

/** The demo of the README at /api, behind nginx, and a browser. */
export interface DemoSite {
  /** Address of the service, and through nginx. */
  readonly direct: string;
  readonly proxied: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Starts the built service with the demo's data, nginx with TLS before it, and Chromium. */
export async function demoSite(): Promise<DemoSite> {
  const place = await workplace();
  const port = await freePort();
  place.set("BASE_HREF", "/api");
  await place.run("sbnsis", "test-data", "--add");
  await place.run("sbnsis-add", "-r", "test-data");
  const started = await place.run("sbnsis", "start");
  if (started.status !== 0) throw new Error(`the demo does not start: ${started.stderr}`);
  const ports = { port, servicePort: place.port };
  const front = await startWebServer("nginx", join(place.directory, "front"), ports);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  return {
    direct: `http://127.0.0.1:${place.port}/api`,
    proxied: `${front.url}/api`,
    browser,
    close: async () => {
      await browser.close();
      await front.stop();
      await place.dispose();
    },
  };
}

const isoOf = (mjd: number) => `${new Date((mjd - 40_587) * 86_400_000).toISOString().slice(0, 19)}Z`;

/** Flags that let a Chromium without a graphics card draw with WebGL2. */
const GRAPHICS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** Starts Debian's Chromium, without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", ...GRAPHICS] });
}

/**
 * Starts the built service with frames of `sbnsis test-data` whose pixels tell their own position,
 * look-alikes of ATLAS, and `count` frames of a moving object; `settings` are added to `.env`.
 */
export async function pageSite(
  count: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<PageSite> {
  const place: Workplace = await workplace();
  for (const [name, value] of Object.entries(settings)) place.set(name, value);
  await place.run("sbnsis", "test-data", "--add", "--survey", "sky", "--frames", "12");
  await place.run("sbnsis", "test-data", "--add", "--survey", "atlas", "--frames", "2");
  const folder = join(place.directory, "moving");
  mkdirSync(folder);
  const { rows } = movingFrames(folder, count);
  for (const { id, mid } of rows) {
    const file = id.split(":").at(-1)!;
    await storeIntegers(join(folder, file));
    const time = `<Time_Coordinates><start_date_time>${isoOf(mid - 15 / 86_400)}</start_date_time><stop_date_time>${isoOf(mid + 15 / 86_400)}</stop_date_time></Time_Coordinates>`;
    writeFileSync(join(folder, file.replace(".fits", ".xml")), makeLabel({ lid: id, file, time }));
  }
  writePlainFrame(folder);
  await place.run("sbnsis-add", "-r", "test-data", "moving");
  const started = await place.run("sbnsis", "start");
  if (started.status !== 0) throw new Error(`the service does not start: ${started.stderr}`);
  const url = `http://127.0.0.1:${place.port}`;
  const browser = await launchChromium();
  return {
    ...{ url, browser, rows, place },
    batch: async (list, size, wait = 20) => {
      const response = await fetch(`${url}/batch?size=${size}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Prefer: `wait=${wait}` },
        body: JSON.stringify({ target: "made object", rows: list }),
      });
      const { id } = (await response.json()) as { readonly id: string };
      return id;
    },
    open: async (path, faults, size = { width: 1280, height: 800 }) => {
      const page = await browser.newPage({ viewport: size });
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.text().includes("Content Security Policy")) {
          faults.push(message.text());
        }
      });
      await page.goto(`${url}${path}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await place.dispose();
    },
  };
}

/** Rounds a frame of floats to 16-bit integers, which packing does not change. */
async function storeIntegers(path: string): Promise<void> {
  const source = memorySource(readFileSync(path));
  const { hdus } = await openFits(source);
  const image = (await describeImage(source, hdus[0]!))!;
  const [width = 0, height = 0] = image.naxis;
  const stored = await readSection(source, planSection(image, { start: [0, 0], shape: [width, height] }));
  const pixels = Int16Array.from(stored as Float32Array, Math.round);
  writeFileSync(path, imageHdu({ naxis: [width, height], pixels, cards: hdus[0]!.header.cards }));
}

/** Identifier of a frame whose pictures have its own pixels: TAN, north up. */
export const PLAIN_FRAME = "urn:nasa:pds:made.survey:data:plain.fits";

/** Noise with stars in unsigned 16-bit integers. */
function writePlainFrame(folder: string): void {
  const [width, height] = [320, 300];
  const random = seeded(11);
  const pixels = Int16Array.from({ length: width * height }, () => {
    const noise = random() + random() + random() - 1.5;
    return Math.round(900 + 150 * noise + (random() < 0.002 ? 2000 * random() : 0)) - 32768;
  });
  const cards = [
    valueCard("BZERO", 32768),
    ...gnomonicCards([200, 10], [160.5, 150.5], [-1 / 3600, 1 / 3600]),
    valueCard("RADESYS", "ICRS"),
  ];
  writeFileSync(join(folder, "plain.fits"), imageHdu({ naxis: [width, height], pixels, cards }));
  writeFileSync(join(folder, "plain.xml"), makeLabel({ lid: PLAIN_FRAME, file: "plain.fits" }));
}

/** A row of a list for a frame of a moving object. */
export function listRow({ id, ra, dec, mjd, motion, uncertainty }: StackRow): object {
  return {
    ...{ obs_id: id, ra, dec, mjd },
    ...motion,
    unc_a: uncertainty?.a,
    unc_b: 2,
    unc_pa: uncertainty?.pa,
    unc_sigma: uncertainty?.sigma,
    sun_pa: 250,
  };
}

/** The content of the status bar of a view. */
export interface ShownReadout {
  readonly ra: number;
  readonly dec: number;
  readonly x: number;
  readonly y: number;
  readonly value: string;
}

/** Moves the pointer in the picture and reads the status bar once it has an exact value. */
export async function readAt(page: Page, x: number, y: number): Promise<ShownReadout> {
  const box = (await page.locator(".viewport").boundingBox())!;
  await page.mouse.move(box.x + x, box.y + y);
  await until(page, `!/^(…|–|≈.*)$/.test(${READOUT}("value") || "…")`);
  return page.evaluate<ShownReadout>(SHOWN);
}

/** The text of a part of the status bar. */
const READOUT = `((name) => document.querySelector("[data-readout=" + name + "]")?.textContent ?? "")`;

/** All of the status bar; a rounded value without its sign. */
const SHOWN = `({
  ra: Number(${READOUT}("ra")), dec: Number(${READOUT}("dec")),
  x: Number(${READOUT}("x")), y: Number(${READOUT}("y")),
  value: ${READOUT}("value").replace("≈ ", ""),
})`;

/** As readAt, also where the value is a rounded one. */
export async function readRounded(page: Page, x: number, y: number): Promise<ShownReadout> {
  const box = (await page.locator(".viewport").boundingBox())!;
  await page.mouse.move(box.x + x, box.y + y);
  await nextFrame(page);
  return page.evaluate<ShownReadout>(SHOWN);
}

/** Waits until an expression is true; the policy of the page forbids evaluating it from within. */
export async function until(page: Page, expression: string): Promise<void> {
  while ((await page.evaluate<boolean>(expression)) !== true) await nextFrame(page);
}

/** Waits until the screen has been drawn twice. */
export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

const MOST_LOOKS = 30;

/** The colors of the canvas once two looks at it in a row find the same. */
export async function steadyPixels(page: Page): ReturnType<typeof canvasPixels> {
  for (let last = await canvasPixels(page), looks = 0; looks < MOST_LOOKS; looks += 1) {
    await page.waitForTimeout(500);
    const before = last;
    last = await canvasPixels(page);
    if (Buffer.compare(before.data, last.data) === 0) return last;
  }
  throw new Error(`the canvas still changed after ${MOST_LOOKS} looks`);
}

/**
 * The colors that the canvas of a view shows: red, green, blue, alpha from the upper left corner.
 */
export async function canvasPixels(
  page: Page,
): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8Array }> {
  const { width, height, text } = await page.evaluate<{
    width: number;
    height: number;
    text: string;
  }>(`(() => {
    const source = document.querySelector(".viewport canvas");
    const { width, height } = source;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let text = "";
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width, height, text: btoa(text) };
  })()`);
  return { width, height, data: new Uint8Array(Buffer.from(text, "base64")) };
}

/** The part of the pixels whose colors differ by more than one level. */
export function differing(
  a: { readonly data: Uint8Array; readonly width: number },
  b: { readonly data: Uint8Array; readonly width: number },
): number {
  if (a.data.length !== b.data.length) return 1;
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) if (Math.abs(a.data[i]! - b.data[i]!) > 1) count++;
  return count / (a.data.length / 4);
}

/** The list of the moving object as a table. */
export function csvOf({ rows }: PageSite): string {
  const lines = rows.map(listRow).map((row) => {
    const { obs_id, ra, dec, mjd, rate, pa, unc_a, unc_b, unc_pa, unc_sigma } = row as Record<string, number>;
    return [obs_id, ra, dec, mjd, rate, pa, unc_a, unc_b, unc_pa, unc_sigma].join(",");
  });
  return `obs_id,ra,dec,mjd,rate,pa,unc_a,unc_b,unc_pa,unc_sigma\n${lines.join("\n")}\n`;
}
