import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { builtPage } from "../../support/page/page.ts";
import { testService } from "../../support/test-service.ts";

/** Bytes after gzip. */
const JAVASCRIPT = 90_000;
const STYLE = 8_000;
const HTML = 4_000;

it.each(["find", "look", "compare", "cut"] as const)(
  "the first load of the view %s is at most 90 kB of scripts (oracle: gzip -9)",
  async (view) => {
    const { views, assets, style } = await builtPage();
    const gzip = (name: string) => assets.get(name)!.coded!.gzip.length;
    const scripts = views[view].reduce((sum, name) => sum + gzip(name), 0);
    expect(scripts).toBeLessThanOrEqual(JAVASCRIPT);
    expect(gzip(style)).toBeLessThanOrEqual(STYLE);
  },
);

it("the map and the chart of the page are loaded only when they are drawn (oracle: imports of the view)", async () => {
  const { views, assets } = await builtPage();
  const lazy = [...assets.keys()].filter((name) => /^(?:sky-map|coverage-chart)-/.test(name));
  expect(lazy.length).toBe(2);
  for (const names of Object.values(views)) for (const name of lazy) expect(names).not.toContain(name);
});

it("the page adds no dependency to the service: what is bundled for it is installed only to build it (oracle: package.json)", async () => {
  const { assets, licenses } = await builtPage();
  const text = assets.get(licenses)!.bytes.toString();
  const path = fileURLToPath(new URL("../../../package.json", import.meta.url));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path, "utf8"));
  for (const name of ["preact", "@preact/signals", "uplot", "d3-geo"]) {
    expect(text).toContain(`${name} `);
    expect([name, Object.hasOwn(dependencies, name)]).toEqual([name, false]);
    expect(Object.keys(devDependencies)).toContain(name);
  }
});

it("the build of the page names the licenses of the packages in it (oracle: their names)", async () => {
  const { assets, licenses } = await builtPage();
  const text = assets.get(licenses)!.bytes.toString();
  for (const name of ["preact ", "@preact/signals ", "uplot ", "d3-geo ", "openapi-fetch "])
    expect(text).toContain(name);
});

it("the guide has its pages, with anchors for every link inside it (oracle: its own headings)", async () => {
  const { guide, assets } = await builtPage();
  expect(guide.map(({ slug }) => slug)).toEqual(["", "page", "moving-objects", "client", "tiles", "errors"]);
  const ids = new Map(
    guide.map(({ slug, html }) => [slug, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  for (const { slug, html } of guide) {
    expect(html).not.toContain("127.0.0.1:5000");
    for (const [, to = ""] of html.matchAll(/href="([^"]+)"/g)) {
      const [page, anchor] = to.startsWith("#")
        ? [slug, to.slice(1)]
        : to.replace("{{root}}guide/", "").split("#");
      if (/^https?:/.test(to) || to.startsWith("{{service}}")) continue;
      expect([slug, to, ids.has(page!)]).toEqual([slug, to, true]);
      if (anchor !== undefined) expect([slug, to, ids.get(page!)!.has(anchor)]).toEqual([slug, to, true]);
    }
    for (const [, source = ""] of html.matchAll(/<img src="([^"]+)"/g))
      expect(assets.has(source.replace("{{root}}view/assets/", ""))).toBe(true);
  }
});

it("a document of the page without its data is at most 4 kB (oracle: gzip -9)", async () => {
  const service = await testService({ page: await builtPage() });
  for (const url of ["/", "/view/cut", "/view/set"]) {
    const { rawPayload } = await service.app.inject({ url });
    expect(gzipSync(rawPayload, { level: 9 }).length).toBeLessThanOrEqual(HTML);
  }
  await service.close();
});
