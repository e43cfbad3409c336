import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Workplace, workplace } from "../support/built-program.ts";
import { freePort } from "../support/cluster/service-under-test.ts";
import { hasProgram } from "../support/oracles.ts";
import { startWebServer, type WebServer } from "../support/web-server.ts";

const ready = hasProgram("chromium") && hasProgram("nginx");

describe.runIf(ready)("Swagger UI in Chromium, with the data of the demo", () => {
  let place: Workplace;
  let front: WebServer;
  let browser: Browser;

  beforeAll(async () => {
    place = await workplace();
    const port = await freePort();
    place.set("BASE_HREF", "/api");
    await place.run("sbnsis", "test-data", "--add");
    await place.run("sbnsis-add", "-r", "test-data");
    expect(await place.run("sbnsis", "start")).toMatchObject({ status: 0 });
    front = await startWebServer("nginx", join(place.directory, "front"), { port, servicePort: place.port });
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await front?.stop();
    await place?.dispose();
  });

  /** Statuses that Swagger UI shows after Try it out and Execute, by operation. */
  async function executeAll(page: Page): Promise<Record<string, string>> {
    const statuses: Record<string, string> = {};
    const operations = page.locator(".opblock");
    await operations.first().waitFor();
    for (const operation of await operations.all()) {
      const id = (await operation.getAttribute("id")) ?? "";
      // these need the id of a batch, which no example can have, or parameters that are optional
      if (id.startsWith("operations-batch-") || id === "operations-images-getColour") continue;
      await operation.locator(".opblock-summary-control").click();
      await operation.locator(".try-out__btn").click();
      await operation.locator("button.execute").click();
      const status = operation.locator(".live-responses-table tbody .response-col_status");
      statuses[id] = (await status.first().innerText()).trim().slice(0, 3);
    }
    return statuses;
  }

  test.each([
    ["directly", () => `http://127.0.0.1:${place.port}/api`],
    ["behind nginx with TLS and a prefix", () => `${front.url}/api`],
  ])(
    "Try it out and Execute of Swagger UI give 200 for every operation that its required parameters determine, %s",
    async (_, base) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      // with a query, as a link from elsewhere may have one
      await page.goto(`${base()}/ui?from=elsewhere`);
      expect(await executeAll(page)).toEqual({
        "operations-images-getImage": "200",
        "operations-catalog-queryImages": "200",
        "operations-catalog-summarizeImages": "200",
      });
      expect(await page.title()).toBe("SBN Survey Image Service");
      expect(await page.locator(".topbar").count()).toBe(0);
      expect(faults).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
