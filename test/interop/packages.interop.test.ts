import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import { memorySource } from "../../packages/fits/src/source/byte-source.ts";
import { exampleFile } from "../support/inputs/made-fits.ts";
import { hasProgram, repositoryRoot } from "../support/oracles.ts";
import { workplace } from "../support/programs/built-program.ts";

const { version: packageVersion } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
const emptyFolder = (prefix: string) => mkdtempSync(join(tmpdir(), prefix));

/** Packs a built folder of this repository; returns the path of the tarball in `destination`. */
function packed(part: string, destination: string): string {
  const folder = join(repositoryRoot, part);
  if (!existsSync(join(folder, "dist"))) throw new Error("dist/ is missing: run npm run build");
  const printed = execFileSync("npm", ["pack", "--silent", "--pack-destination", destination], {
    cwd: folder,
    encoding: "utf8",
  });
  return join(destination, printed.trim());
}

/** Reads a section of a compressed file with nothing but the two packages. */
const PROGRAM = `
import { describeImage, fetchSource, imageHeader, openFits, physicalValues, planSection, readSection } from "@sbnsis/fits";
import { pixelToIcrs, wcsFromHeader } from "@sbnsis/wcs";
export async function cutOut(url) {
  const source = fetchSource(url);
  const { hdus } = await openFits(source);
  const image = await describeImage(source, hdus[1]);
  const plan = planSection(image, { start: [40, 20], shape: [3, 2] });
  const values = physicalValues(image, await readSection(source, plan));
  const { ra, dec } = pixelToIcrs(wcsFromHeader(imageHeader(hdus[1])), 50, 30);
  return { values: [...values], ra, dec, part: plan.bytes < image.fileSize };
}
`;
/** The values and the position that the example reads from exampleFile. */
const EXPECTED = { values: [2060, 2061, 2062, 2161, 2162, 2163], ra: 150, dec: 0, part: true };

describe("the tarballs of @sbnsis/fits and @sbnsis/wcs alone, installed into an empty folder", () => {
  const folder = emptyFolder("sis-packages-");
  let server: Server;
  let url: string;
  let browser: Browser | undefined;
  let bundle = "";
  const ranges: (string | undefined)[] = [];

  beforeAll(async () => {
    const tarballs = ["packages/fits", "packages/wcs"].map((part) => packed(part, folder));
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
    execFileSync("npm", ["install", "--prefer-offline", ...tarballs], { cwd: folder, stdio: "pipe" });
    writeFileSync(join(folder, "cut-out.js"), PROGRAM);
    const file = await exampleFile();
    server = createServer(({ url, headers }, response) => {
      if (url === "/") {
        const page = '<!doctype html><script type="module" src="/page.js"></script>';
        response.setHeader("content-type", "text/html").end(page);
      } else if (url === "/page.js") response.setHeader("content-type", "text/javascript").end(bundle);
      else if (url === "/frame.fits.fz") {
        ranges.push(headers.range);
        const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
        const body = file.subarray(Number(first ?? 0), Number(last ?? file.length) + 1);
        if (first !== undefined) {
          const range = `bytes ${first}-${Number(first) + body.length - 1}/${file.length}`;
          response.writeHead(206, { "content-range": range, etag: '"1"' });
        }
        response.end(body);
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  it("the tarballs of fits and wcs bring no dependency other than fflate", () => {
    const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect(installed.sort()).toEqual(["@sbnsis", "fflate"]);
    expect(readdirSync(join(folder, "node_modules", "@sbnsis")).sort()).toEqual(["fits", "wcs"]);
    for (const name of ["fits", "wcs"])
      expect(existsSync(join(folder, "node_modules", "@sbnsis", name, "node_modules"))).toBe(false);
  });

  it("the installed fits and wcs read a section of a compressed file from a URL by ranges in Node", async () => {
    ranges.length = 0;
    const { cutOut } = await import(/* @vite-ignore */ join(folder, "cut-out.js"));
    expect(await cutOut(`${url}/frame.fits.fz`)).toEqual(EXPECTED);
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges).not.toContain(undefined);
  });

  it.runIf(hasProgram("chromium"))(
    "the installed fits and wcs, bundled by esbuild, read a section of a compressed file from a URL in Chromium",
    async () => {
      const built = await build({
        stdin: {
          contents: 'import { cutOut } from "./cut-out.js"; globalThis.cutOut = cutOut;',
          resolveDir: folder,
        },
        bundle: true,
        format: "esm",
        platform: "browser",
        write: false,
      });
      bundle = built.outputFiles[0]!.text;
      browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
      const page = await browser.newPage();
      await page.goto(url);
      await page.waitForFunction("globalThis.cutOut !== undefined");
      ranges.length = 0;
      expect(await page.evaluate('cutOut("/frame.fits.fz")')).toEqual(EXPECTED);
      expect(ranges).not.toContain(undefined);
    },
  );
});

describe("the tarball of the service, installed by one npm i -g into an empty folder", () => {
  const folder = emptyFolder("sis-packed-");
  const home = join(folder, "lib", "node_modules", "sbn-survey-image-service");

  beforeAll(() => {
    const tarball = packed(".", folder);
    const options = ["--global", "--prefer-offline", "--prefix", folder];
    execFileSync("npm", ["install", ...options, tarball], { stdio: "pipe" });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("the installed service prints its version, serves a cutout of the test data, and stops", async () => {
    for (const command of ["sbnsis", "sbnsis-add"])
      expect(execFileSync(join(folder, "bin", command), ["--version"], { encoding: "utf8" })).toBe(
        `${packageVersion}\n`,
      );
    const place = await workplace(join(home, "dist", "cli"));
    try {
      const succeeds = async (...command: Parameters<typeof place.run>) =>
        expect(await place.run(...command)).toMatchObject({ status: 0 });
      await succeeds("sbnsis", "test-data", "--add", "--survey", "neat");
      await succeeds("sbnsis-add", "-r", "test-data");
      await succeeds("sbnsis", "start");
      const { DEMO_CUTOUT } = await import(join(repositoryRoot, "scripts", "demo-requests.mjs"));
      const cutout = await fetch(`${place.base}${DEMO_CUTOUT}`);
      expect(cutout.status).toBe(200);
      const source = memorySource(new Uint8Array(await cutout.arrayBuffer()));
      const { hdus } = await openFits(source);
      const image = await describeImage(source, hdus[0]!);
      expect(image?.naxis).toHaveLength(2);
      await succeeds("sbnsis", "stop");
    } finally {
      await place.dispose();
    }
  });

  it("programs next to the installed service can import sbn-survey-image-service/fits and /wcs", () => {
    const program = join(folder, "lib", "program.mjs");
    writeFileSync(
      program,
      `import { openFits } from "sbn-survey-image-service/fits";
       import { wcsFromHeader } from "sbn-survey-image-service/wcs";
       console.log(openFits.name, wcsFromHeader.name);`,
    );
    expect(execFileSync(process.execPath, [program], { encoding: "utf8" })).toBe("openFits wcsFromHeader\n");
  });
});

it("the committed kernels are what their AssemblyScript sources compile to", () => {
  const script = join(repositoryRoot, "scripts", "build-kernels.mjs");
  expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
});
