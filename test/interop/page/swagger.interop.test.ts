import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasProgram } from "../../support/oracles.ts";
import { type DemoSite, demoSite } from "../../support/page/page-site.ts";

/** The operations of an OpenAPI document. */
interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly tags: readonly string[]; readonly operationId: string }>>
    >
  >;
}

function expectedStatuses({ paths }: Document): Record<string, string> {
  const operations = Object.values(paths).flatMap((path) => Object.entries(path));
  return Object.fromEntries(
    operations.map(([method, { tags, operationId }]) => [
      `operations-${tags[0]}-${operationId}`,
      method === "delete" ? "204" : "200",
    ]),
  );
}

const ready = hasProgram("chromium") && hasProgram("nginx");

describe.runIf(ready)("Swagger UI in Chromium, with the data of the demo", () => {
  let site: DemoSite;

  beforeAll(async () => {
    site = await demoSite();
  }, 600_000);
  afterAll(async () => await site?.close());

  /**
   * Statuses that Swagger UI shows after Try it out and Execute, by operation: in page order, but
   * deletions last.
   */
  async function executeAll(page: Page): Promise<Record<string, string>> {
    const statuses: Record<string, string> = {};
    await page.locator(".opblock").first().waitFor();
    const others = await page.locator(".opblock:not(.opblock-delete)").all();
    for (const operation of [...others, ...(await page.locator(".opblock-delete").all())]) {
      const id = (await operation.getAttribute("id")) ?? "";
      await operation.locator(".opblock-summary-control").click();
      await operation.locator(".try-out__btn").click();
      await operation.locator("button.execute").click();
      const status = operation.locator(".live-responses-table tbody .response-col_status");
      statuses[id] = (await status.first().innerText()).trim();
      // open operations make the page slow
      await operation.locator(".opblock-summary-control").click();
    }
    return statuses;
  }

  test.each([
    ["directly", () => site.direct],
    ["behind nginx with TLS and a prefix", () => site.proxied],
  ])(
    "Try it out and Execute of Swagger UI give 200 for every operation, and 204 for deleting a batch, %s",
    async (_, base) => {
      const context = await site.browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      // with a query, as a link from elsewhere may have one
      await page.goto(`${base()}/ui?from=elsewhere`);
      const statuses = await executeAll(page);
      const document = (await (await page.request.get(`${base()}/openapi.json`)).json()) as Document;
      expect(statuses).toEqual(expectedStatuses(document));
      expect(Object.keys(statuses)).toContain("operations-batch-getStackfits");
      expect(await page.title()).toBe("SBN Survey Image Service");
      expect(await page.locator(".topbar").count()).toBe(0);
      expect(faults).toEqual([]);
      await context.close();
    },
    600_000,
  );
});
