// How fast the page is in Chromium, over a line of 20 Mbit/s and 40 ms: the first picture of a
// whole frame, its sharp overview, tiles at 1:1, frames ready to blink, work for each drawn frame,
// stacks in the browser, and the sizes of the scripts; and cutouts without a browser, alone and
// while the tiles of a frame are requested. Source of the numbers in docs/performance.md.
//
// npm run build && npx tsx bench/page/page.ts [look|compare|beside|sizes] [--rounds 5] [--frames
// 100] [--directory DIR] [--first 0]
//
// Makes 40 full-size ATLAS look-alikes, kept in DIR for the next run. "Cold" means a browser that
// has cached nothing and a frame that the service has not used since it started; --first is the
// number of the first of those frames. The browser, without a graphics card, and the service share
// the processors.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../../test/support/page/page-site.ts";
import { workplace } from "../../test/support/programs/built-program.ts";
import { median, quantile } from "../service/latencies.ts";
import { lidPlaces } from "../service/places.ts";
import { besideTiles } from "./page-beside.ts";
import { jitter, traceFrames } from "./page-trace.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    frames: { type: "string", default: "100" },
    first: { type: "string", default: "0" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "page") },
  },
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const { directory } = options;
const [rounds, count] = [Number(options.rounds), Number(options.frames)];
const wanted = positionals.length === 0 ? ["look", "compare", "beside", "sizes"] : positionals;

/** 20 Mbit/s, and 40 ms from a request to the beginning of its response. */
const LINE = { offline: false, latency: 40, downloadThroughput: 2.5e6, uploadThroughput: 2.5e6 };
const VIEW = { width: 1280, height: 800 };

/** Frames whose pictures and tiles are requested before anything is measured. */
const WARMING = 16;

/** The picture is complete when it has not changed for this long, milliseconds. */
const QUIET_MS = 700;

const say = (text: string) => process.stdout.write(`${text}\n`);
/** A line of the table: median, least and greatest of the rounds. */
const row = (name: string, values: readonly number[], asked: string) =>
  say(
    `| ${name} | ${median(values).toFixed(1)} ms (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}) | ${asked} |`,
  );

/**
 * Records in the page when images were painted, when WebGL drew and how many requests are pending,
 * all by the clock of the page, which starts with its navigation.
 */
const HOOKS = `(() => {
  const seen = (window.seen = { pictures: [], drawn: [], pending: 0, stacks: [] });
  performance.setResourceTimingBufferSize(5000);
  new PerformanceObserver((list) => {
    for (const { startTime, url } of list.getEntries()) if (url) seen.pictures.push([startTime, url]);
  }).observe({ type: "largest-contentful-paint", buffered: true });
  const { drawArrays, texSubImage3D } = WebGL2RenderingContext.prototype;
  // before there are pixels, the page draws nothing that can be seen
  let hasPixels = false;
  WebGL2RenderingContext.prototype.texSubImage3D = function (...args) {
    hasPixels ||= args[5] > 1;
    return texSubImage3D.apply(this, args);
  };
  WebGL2RenderingContext.prototype.drawArrays = function (...args) {
    if (hasPixels) seen.drawn.push(performance.now());
    return drawArrays.apply(this, args);
  };
  const realFetch = window.fetch;
  window.fetch = (...args) => {
    seen.pending++;
    return realFetch(...args).finally(() => seen.pending--);
  };
})()`;

interface Seen {
  readonly pictures: readonly (readonly [number, string])[];
  readonly drawn: readonly number[];
  readonly pending: number;
}

const seenOf = (page: Page) => page.evaluate<Seen>("window.seen");
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until nothing is drawn or requested any more; the time of the last drawing. */
async function settled(page: Page): Promise<number> {
  for (;;) {
    const now = await page.evaluate<number>("performance.now()");
    const { drawn, pending } = await seenOf(page);
    const last = drawn.at(-1);
    if (last !== undefined && pending === 0 && now - last > QUIET_MS) return last;
    if (now > 60_000) throw new Error(`${page.url()} is not complete after a minute`);
    await sleep(100);
  }
}

/** Times from request to the last byte of resources whose address matches, milliseconds. */
function transfers(page: Page, pattern: RegExp, since = 0) {
  return page.evaluate<{ readonly ms: number; readonly end: number }[]>(
    `performance.getEntriesByType("resource")
      .filter(({ name, startTime }) => ${pattern}.test(name) && startTime >= ${since})
      .map(({ requestStart, responseEnd }) => ({ ms: responseEnd - requestStart, end: responseEnd }))`,
  );
}

mkdirSync(directory, { recursive: true });
const data = join(directory, "frames");
// the sizes are those of the build
const needsFrames = wanted.some((name) => name !== "sizes");
if (needsFrames && !existsSync(join(data, "frames.csv"))) {
  say("making the frames ...");
  const tsx = join(root, "node_modules", ".bin", "tsx");
  execFileSync(tsx, [join(root, "bench", "service", "frames.ts"), "atlas", "40", data], { stdio: "inherit" });
}
const made = needsFrames ? lidPlaces(readFileSync(join(data, "frames.csv"), "utf8")) : [];

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript({ content: HOOKS });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await page.goto(url, { waitUntil: "commit" });
  return page;
}

async function measureAll(): Promise<void> {
  const place = await workplace();
  const browser = await launchChromium();
  try {
    await place.run("sbnsis-add", "-r", data);
    const started = await place.run("sbnsis", "start");
    if (started.status !== 0) throw new Error(`the service does not start: ${started.stderr}`);
    await place.workers();
    await measureEmpty(place.base);
    // let the compilers of the browser and of the service's threads warm up first, on other frames
    await look(place.base, -1, undefined);
    for (const { id } of made.slice(-WARMING)) {
      const url = `${place.base}/images/${encodeURIComponent(id)}`;
      // connections of their own, so that every worker responds to some
      const options = { headers: { connection: "close" } };
      await (await fetch(`${url}?format=jpeg&quick=true&width=256`, options)).arrayBuffer();
      await (await fetch(`${url}/tiles`, options)).arrayBuffer();
    }
    if (wanted.includes("look")) await measureLook(place.base);
    if (wanted.includes("compare")) await measureCompare(place.base);
    if (wanted.includes("beside")) await measureBeside(place.base);
  } finally {
    await browser.close();
    await place.dispose();
  }

  /** The time of the browser alone, for a one-line text. */
  async function measureEmpty(base: string): Promise<void> {
    const times: number[] = [];
    for (let k = 0; k <= rounds; k++) {
      const context = await browser.newContext({ viewport: VIEW });
      const page = await open(context, `${base}/robots.txt`);
      await page.waitForLoadState("load");
      await sleep(500);
      const paint = `performance.getEntriesByType("paint")[0]?.startTime ?? NaN`;
      // the first one starts the browser
      if (k > 0) times.push(await page.evaluate<number>(paint));
      await context.close();
    }
    row("a text of one line, until it is painted: the browser alone", times, "");
  }

  interface LookTimes {
    readonly first: number[];
    readonly sharp: number[];
    readonly warmFirst: number[];
    readonly warmSharp: number[];
  }

  /** Opens a whole frame in Look, cold and then warm. */
  async function look(base: string, k: number, times: LookTimes | undefined): Promise<void> {
    const { id } = made.at(k)!;
    const context = await browser.newContext({ viewport: VIEW });
    const url = `${base}/view/image/${encodeURIComponent(id)}`;
    for (const [first, sharp] of [
      [times?.first, times?.sharp],
      [times?.warmFirst, times?.warmSharp],
    ]) {
      const page = await open(context, url);
      sharp?.push(await settled(page));
      const { pictures, drawn } = await seenOf(page);
      first?.push(Math.min(pictures[0]?.[0] ?? Number.POSITIVE_INFINITY, drawn[0]!));
      await page.close();
    }
    await context.close();
  }

  async function measureLook(base: string): Promise<void> {
    const times: LookTimes = { first: [], sharp: [], warmFirst: [], warmSharp: [] };
    for (let k = 0; k < rounds; k++) await look(base, Number(options.first) + k, times);
    row("first picture of a whole frame, cold", times.first, "300 ms");
    row("sharp overview, cold", times.sharp, "1000 ms");
    row("first picture, warm", times.warmFirst, "");
    row("sharp overview, warm", times.warmSharp, "");
    const context = await browser.newContext({ viewport: VIEW });
    const { id } = made[Number(options.first)]!;
    const page = await open(context, `${base}/view/image/${encodeURIComponent(id)}`);
    await settled(page);
    const press = async (key: string) => {
      await page.locator(".viewport").focus();
      const from = await page.evaluate<number>("performance.now()");
      await page.keyboard.press(key);
      return from;
    };
    const from = await press("1");
    const sharp = (await settled(page)) - from;
    const tiles = (await transfers(page, /\/tiles\/[0-9a-f]+\/0\//, from)).map(({ ms }) => ms);
    row("a tile at 1:1, its band new to the service", tiles, "150 ms");
    row("the whole view at 1:1, with the ring around it", [sharp], "");
    const session = await browser.newBrowserCDPSession();
    const { work, longest } = await traceFrames(session, () => pan(page));
    row("task that draws a frame while panning", work, "");
    row("the same, p95", [quantile(work, 0.95)], "4 ms");
    row("longest task of 3 s of panning", [longest], "50 ms");
    await context.close();
  }

  /** Drags the picture back and forth for 3 s. */
  async function pan(page: Page): Promise<void> {
    const box = (await page.locator(".viewport").boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    const end = performance.now() + 3000;
    for (let k = 0; performance.now() < end; k++) {
      await page.mouse.move(x + 300 * Math.sin(k / 20), y + 150 * Math.cos(k / 27));
      await sleep(14);
    }
    await page.mouse.up();
  }

  async function measureCompare(base: string): Promise<void> {
    const rows = Array.from({ length: count }, (_, k) => {
      const { id, ra, dec, r } = made[k % made.length]!;
      // other positions on each frame in other rounds
      return (round: number) => ({ obs_id: id, ra: (ra + (r * k) / 200) % 360, dec: dec + (r * round) / 40 });
    });
    const times = {
      picture: [] as number[],
      first: [] as number[],
      near: [] as number[],
      all: [] as number[],
    };
    const stacks = { median: [] as number[], mean: [] as number[] };
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const response = await fetch(`${base}/batch?size=9.6arcmin`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ target: "a target", rows: rows.map((at) => at(round)) }),
      });
      if (!response.ok) throw new Error(`the list is refused: ${await response.text()}`);
      const { id } = (await response.json()) as { readonly id: string };
      await finished(`${base}/batch/${id}`);
      const context = await browser.newContext({ viewport: VIEW });
      const page = await open(context, `${base}/view/set?batch=${id}&size=9.6`);
      const ends = async () =>
        (await transfers(page, /\/images\/.*pack=rice/)).map(({ end }) => end).sort((a, b) => a - b);
      let arrived = await ends();
      const begun = performance.now();
      for (; arrived.length < count; arrived = await ends()) {
        if (performance.now() - begun > 60_000) throw new Error(`${arrived.length} of ${count} have come`);
        await sleep(150);
      }
      const seen = await seenOf(page);
      times.picture.push(seen.pictures[0]?.[0] ?? Number.NaN);
      times.first.push(seen.drawn[0]!);
      times.near.push(arrived[10]!);
      times.all.push(arrived.at(-1)!);
      bytes = await page.evaluate<number>(
        `performance.getEntriesByType("resource").filter(({ name }) => /pack=rice/.test(name))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
      );
      await page.locator(".viewport").focus();
      await page.keyboard.press("t");
      for (const combine of ["median", "mean", "median", "mean"] as const) {
        await page.getByLabel("combine").selectOption(combine);
        await sleep(1500);
        const shown = await page.locator("[data-stack-ms]").getAttribute("data-stack-ms");
        stacks[combine].push(Number(shown));
      }
      if (round === rounds - 1) {
        await page.locator(".viewport").focus();
        const session = await browser.newBrowserCDPSession();
        const { work } = await traceFrames(session, async () => {
          await page.keyboard.press("b");
          await sleep(6000);
        });
        row("task that draws a frame while blinking, p95", [quantile(work, 0.95)], "4 ms");
        const begun = await page.evaluate<number>("performance.now()");
        await sleep(12_000);
        const drawn = (await seenOf(page)).drawn.filter((time) => time >= begun);
        row("jitter of blinking, p95", [jitter(drawn)], "16 ms");
      }
      await context.close();
    }
    row("Compare: first picture of a list", times.picture, "300 ms");
    row("the first frame, from its pixels", times.first, "");
    row("ten neighbors of it", times.near, "1000 ms");
    row(`${count} frames ready to blink (${(bytes / 1e6).toFixed(1)} MB)`, times.all, "5000 ms");
    row(`stack of ${count} frames, 121 x 121, median, cubic`, stacks.median, "500 ms");
    row("the same, mean", stacks.mean, "");
  }
}

/** Waits for the end of a batch: its manifest has the rows that are done. */
async function finished(url: string): Promise<void> {
  for (let k = 0; k < 600; k++) {
    const { phase } = (await (await fetch(url)).json()) as { readonly phase: string };
    if (phase === "COMPLETED") return;
    await sleep(100);
  }
  throw new Error(`${url} takes longer than a minute`);
}

async function measureBeside(base: string): Promise<void> {
  const { alone, beside, tiles } = await besideTiles(base, made, rounds);
  const p95 = (times: readonly number[]) => quantile(times, 0.95);
  row("p95 of single cutouts, 2 clients", alone.map(p95), "");
  row("the same beside tiles of one frame", beside.map(p95), "");
  const ratios = beside.map((times, round) => p95(times) / p95(alone[round]!));
  say(`| ratio | ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")} | 2 |`);
  row("a tile meanwhile", tiles, "");
}

/** Compressed sizes of what a view loads first. */
function measureSizes(): void {
  const manifest = JSON.parse(readFileSync(join(root, "dist/page/manifest.json"), "utf8")) as {
    readonly style: string;
    readonly views: Readonly<Record<string, readonly string[]>>;
    readonly workers: Readonly<Record<string, string>>;
    readonly assets: Readonly<Record<string, { readonly gzip: number; readonly brotli: number }>>;
  };
  const { views, workers, assets, style } = manifest;
  const kilobytes = (files: readonly string[], coding: "gzip" | "brotli") =>
    (files.reduce((sum, file) => sum + assets[file]![coding], 0) / 1000).toFixed(1);
  const lines = [
    ...Object.entries(views).map(([view, files]) => [`scripts of ${view}`, files] as const),
    ...Object.entries(workers).map(([name, file]) => [`worker ${name}`, [file]] as const),
    ["style sheet", [style]] as const,
  ];
  for (const [name, files] of lines)
    say(`| ${name} | ${kilobytes(files, "gzip")} kB gzip, ${kilobytes(files, "brotli")} kB brotli | |`);
}

if (wanted.includes("sizes")) measureSizes();
if (needsFrames) await measureAll();
