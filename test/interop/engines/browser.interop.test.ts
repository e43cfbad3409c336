import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTestData } from "../../../src/test-data/add-test-data.ts";
import { askPython, hasProgram, oraclePython, repositoryRoot } from "../../support/oracles.ts";

/**
 * A page that reads a compressed file over HTTP by ranges, with only the two libraries and `fetch`.
 */
const PAGE = `
import { openFits, describeImage, imageHeader, planSection, readSection, physicalValues } from "./packages/fits/src/index.ts";
import { wcsFromHeader, pixelToIcrs } from "./packages/wcs/src/index.ts";
let requests = 0;
const source = (url) => ({
  size: async () => Number((await fetch(url, { method: "HEAD" })).headers.get("content-length")),
  read: async (ranges, { into } = {}) => {
    let at = 0;
    const pieces = [];
    for (const { offset, length } of ranges) {
      requests++;
      const answer = await fetch(url, { headers: { range: "bytes=" + offset + "-" + (offset + length - 1) } });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (into !== undefined) into.set(bytes, at);
      at += length;
      pieces.push(bytes);
    }
    return pieces;
  },
});
globalThis.cutOut = async (url, hdu, start, shape) => {
  const bytes = source(url);
  const { hdus } = await openFits(bytes, { until: ({ index }) => index === hdu });
  const image = await describeImage(bytes, hdus[hdu]);
  const values = physicalValues(image, await readSection(bytes, planSection(image, { start, shape })));
  const { ra, dec } = pixelToIcrs(wcsFromHeader(imageHeader(hdus[hdu])), start[0], start[1]);
  return { sum: values.reduce((sum, value) => sum + value, 0), first: values[0], ra, dec, requests, type: values.constructor.name };
};
`;

const ORACLE = `
import json, sys, warnings
import fitsio
from astropy.io import fits
from astropy.wcs import WCS
warnings.simplefilter("ignore")
path, hdu, x, y, nx, ny = sys.argv[1], *map(int, sys.argv[2:])
data = fitsio.FITS(path)[hdu][y:y + ny, x:x + nx]
header = fits.getheader(path, hdu)
header = fits.Header([c for c in header.cards if c.keyword[:2] not in ("A_", "B_")])
ra, dec = WCS(header).all_pix2world(x, y, 0)
print(json.dumps({"sum": float(data.sum(dtype="f8")), "first": float(data[0, 0]), "ra": float(ra), "dec": float(dec)}))
`;

const ready = hasProgram("chromium") && oraclePython() !== undefined;

describe.runIf(ready)("the libraries in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sis-browser-"));
  let browser: Browser;
  let path: string;
  let bundle: string;
  const server = createServer((request, response) => answer(request, response));

  function answer({ url, method, headers }: IncomingMessage, response: ServerResponse): void {
    if (url === "/") {
      response
        .setHeader("content-type", "text/html")
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    } else if (url === "/page.js") response.setHeader("content-type", "text/javascript").end(bundle);
    else if (url === "/frame") {
      const bytes = readFileSync(path);
      const range = /bytes=(\d+)-(\d+)/.exec(headers.range ?? "");
      const body = range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1);
      response.writeHead(range === null ? 200 : 206, { "content-length": body.length });
      response.end(method === "HEAD" ? undefined : body);
    } else response.writeHead(404).end();
  }

  beforeAll(async () => {
    const [frame] = await addTestData({ directory: folder, survey: "atlas", frames: 1, seed: 3 });
    path = frame!.path;
    const built = await build({
      stdin: { contents: PAGE, resolveDir: repositoryRoot, loader: "ts" },
      bundle: true,
      format: "esm",
      minify: true,
      platform: "browser",
      write: false,
    });
    bundle = built.outputFiles[0]!.text;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("Chromium reads a section of a compressed file by ranges, with and without WebAssembly: the pixels of fitsio, the positions of astropy", async () => {
    const expected = askPython(ORACLE, path, "1", "40", "50", "30", "20") as Record<string, number>;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const wasm of [true, false]) {
      const page = await browser.newPage();
      if (!wasm) await page.addInitScript("delete globalThis.WebAssembly");
      await page.goto(url);
      await page.waitForFunction("globalThis.cutOut !== undefined");
      const got = (await page.evaluate('cutOut("/frame", 1, [40, 50], [30, 20])')) as Record<string, number>;
      expect(got).toMatchObject({ sum: expected.sum, first: expected.first, type: "Uint16Array" });
      expect(Math.abs(got.ra! - expected.ra!)).toBeLessThan(1e-9);
      expect(Math.abs(got.dec! - expected.dec!)).toBeLessThan(1e-9);
      expect(got.requests).toBeLessThanOrEqual(6);
      await page.close();
    }
  }, 60_000);

  it("the bundle of the libraries for browsers is smaller than 200 kB", () =>
    expect(bundle.length).toBeLessThan(200_000));
});
