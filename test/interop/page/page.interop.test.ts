import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasProgram } from "../../support/oracles.ts";
import { type DemoSite, demoSite } from "../../support/page/page-site.ts";

const ready = hasProgram("chromium") && hasProgram("nginx");

/** Rules of WCAG 2.2 at levels A and AA. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const WIDTHS = [1280, 768, 380, 320];

const LIST = "obs_id,ra,dec\nurn:nasa:pds:survey:test-collection:test-000000,351.45,0.05\nurn:none,1,2";

/** A page with a record of its requests, and of its faults. */
interface Watched {
  readonly page: Page;
  readonly faults: string[];
  readonly requests: string[];
}

describe.runIf(ready)("the page in Chromium, with the data of the demo", () => {
  let site: DemoSite;
  let id: string;
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  beforeAll(async () => {
    site = await demoSite();
    const response = await fetch(`${site.direct}/query?maxrec=1`);
    const { results } = (await response.json()) as {
      readonly results: readonly { readonly obs_id: string }[];
    };
    id = results[0]!.obs_id;
  }, 600_000);
  afterAll(async () => await site?.close());

  const states = () => ({
    start: "/",
    guide: "/guide/",
    find: "/view/",
    "find a place": "/view/?pos=351.45,0.05&radius=1deg&order=distance",
    "find nothing": "/view/?target=nothing",
    look: `/view/image/${encodeURIComponent(id)}`,
    compare: `/view/set?ids=${id}`,
    cut: "/view/cut",
    "look with its header": `/view/image/${encodeURIComponent(id)}?z=1`,
    "look with its keys": `/view/image/${encodeURIComponent(id)}?invert=true`,
    "compare with differences": `/view/set?ids=${id}&diff=previous&stack=median,cubic,sky,nights`,
    "not found": "/view/image/urn:none",
  });

  /** Steps to take in a state before it is checked. */
  const STEPS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    cut: async (page) => {
      await page.locator("#list").fill(LIST);
      await page.locator(".cut-rows").waitFor();
    },
    "look with its header": async (page) => {
      await page.getByRole("button", { name: "Header" }).click();
      await page.locator(".header-cards").waitFor();
    },
    "look with its keys": async (page) => {
      await page.getByRole("button", { name: "Keys" }).click();
      await page.locator("dialog table").waitFor();
    },
  };

  /** Faults in the states that axe and the width of the document reveal. */
  async function faultsOf(page: Page, width: number): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const [name, path] of Object.entries(states())) {
      await open(page, `${site.direct}${path}`);
      await STEPS[name]?.(page);
      await page.evaluate(axe);
      const violations = await page.evaluate(
        async (values) =>
          (
            await (
              globalThis as unknown as {
                axe: {
                  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
                };
              }
            ).axe.run({ runOnly: { type: "tag", values } })
          ).violations.map(({ id: rule, nodes }) => [rule, nodes[0]?.html.slice(0, 200)]),
        WCAG,
      );
      const sideways = await page.evaluate<number>("document.documentElement.scrollWidth");
      if (violations.length > 0 || sideways > width) found.push({ name, violations, sideways });
    }
    return found;
  }

  async function watched(context: BrowserContext): Promise<Watched> {
    const page = await context.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      // the page of an unknown image has the status 404, which Chromium logs
      if (message.type() === "error" && !/status of 404/.test(message.text())) faults.push(message.text());
    });
    page.on("request", (request) => requests.push(request.url()));
    await page.addInitScript({
      content:
        "document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))",
    });
    return { page, faults, requests };
  }

  /** Opens a state and waits until it has been drawn and no request is pending. */
  async function open(page: Page, url: string): Promise<void> {
    await page.goto(url, { waitUntil: "networkidle" });
  }

  test.each([
    ["directly", () => site.direct],
    ["behind nginx with TLS and a prefix", () => site.proxied],
  ])(
    "every state of the page loads only from the service, without violating its policy, %s (oracle: CSP of Chromium)",
    async (_, base) => {
      const context = await site.browser.newContext({ ignoreHTTPSErrors: true });
      const { page, faults, requests } = await watched(context);
      for (const path of Object.values(states())) await open(page, `${base()}${path}`);
      await context.close();
      expect(faults).toEqual([]);
      expect(requests.length).toBeGreaterThan(20);
      const { origin } = new URL(base());
      // addresses created by scripts have no host
      const foreign = requests.filter(
        (url) => !url.startsWith(`${origin}/api/`) && !/^(?:blob|data):/.test(url),
      );
      expect(foreign).toEqual([]);
    },
    300_000,
  );

  test.each([
    ...WIDTHS.map((width) => [width, "dark colors", { colorScheme: "dark" }] as const),
    ...WIDTHS.map((width) => [width, "light colors", { colorScheme: "light" }] as const),
    ...[1280, 380].map((width) => [width, "forced colors", { forcedColors: "active" }] as const),
  ])(
    "no state of the page breaks WCAG 2.2 AA or scrolls sideways at %i pixels in %s (oracle: axe)",
    async (width, _, appearance) => {
      const context = await site.browser.newContext({ viewport: { width, height: 800 }, ...appearance });
      const { page } = await watched(context);
      const found = await faultsOf(page, width);
      await context.close();
      expect(found).toEqual([]);
    },
    600_000,
  );

  test.each([1280, 380])(
    "no state of the page scrolls sideways at %i pixels with text twice as large (WCAG 2.2, 1.4.4; oracle: the width of the document)",
    async (width) => {
      const context = await site.browser.newContext({ viewport: { width, height: 800 } });
      const { page } = await watched(context);
      const wide: unknown[] = [];
      for (const [name, path] of Object.entries(states())) {
        await open(page, `${site.direct}${path}`);
        await STEPS[name]?.(page);
        await page.evaluate("document.documentElement.style.fontSize = '200%'");
        // drawings follow their boxes a frame later
        await page.evaluate(
          "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        const sideways = await page.evaluate<number>("document.documentElement.scrollWidth");
        if (sideways > width) wide.push([name, sideways]);
      }
      await context.close();
      expect(wide).toEqual([]);
    },
    300_000,
  );

  test("an image is found, ticked and opened with the keyboard alone (oracle: the address that opens)", async () => {
    const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page } = await watched(context);
    await open(page, `${site.direct}/view/`);
    await page.locator(".found-row").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    expect(await page.locator('.found-row[aria-selected="true"]').count()).toBe(1);
    await page.getByRole("link", { name: "Compare 1" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/view\/image\//);
    await context.close();
  }, 180_000);

  test("Cut shows a list with its problem, makes it, and links its files (oracle: the batch of the service)", async () => {
    const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, faults } = await watched(context);
    await open(page, `${site.direct}/view/cut`);
    await page.locator("#list").fill(LIST);
    await page.locator('.cut-rows tr[data-state="failed"]').waitFor();
    expect(await page.locator('.cut-rows tr[data-state="failed"] .state').innerText()).toMatch(
      /^IMAGE_NOT_FOUND/,
    );
    await page.getByRole("button", { name: "Make 1 cutout" }).click();
    const zip = page.getByRole("link", { name: "All files (zip)" });
    await zip.waitFor();
    const response = await fetch((await zip.getAttribute("href")) ?? "");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/zip"]);
    await page.locator('.cut-rows tr[data-state="done"]').waitFor();
    expect(new URL(page.url()).searchParams.get("batch")).toMatch(/^[a-z2-7]{26}$/);
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);

  test("without scripts, the start page, the search and an image are usable (oracle: Chromium without JavaScript)", async () => {
    const context = await site.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${site.direct}/`);
    await page.locator(".search input").fill("351.45 0.05");
    await page.locator(".search button").click();
    await page.waitForURL(/pos=351\.45/);
    await page.locator(".first-found a").first().click();
    await page.waitForURL(/\/view\/image\//);
    expect(await page.locator("img.first").count()).toBe(1);
    await context.close();
  }, 180_000);

  test("the picture of an image's document is on the screen before the script replaces it (oracle: Element Timing)", async () => {
    const context = await site.browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    await still.goto(`${site.direct}/view/`);
    const href = await still.locator(".first-found a").first().getAttribute("href");
    const url = new URL(href!, still.url()).href;
    // made before, so that the script never stops waiting for it
    await still.goto(url);
    await context.close();
    const page = await site.browser.newPage();
    await page.addInitScript(`window.shown = [];
      new PerformanceObserver((list) => {
        for (const { identifier } of list.getEntries())
          shown.push([identifier, document.querySelector("#app .viewer") === null]);
      }).observe({ type: "element", buffered: true });`);
    await page.goto(url);
    await page.locator(".viewer canvas").waitFor();
    expect(await page.evaluate("window.shown")).toEqual([["first", true]]);
    await page.close();
  }, 180_000);
});
