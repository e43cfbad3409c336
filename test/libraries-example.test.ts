import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Archive, startArchive } from "./support/archive/test-archive.ts";
import { exampleFile } from "./support/inputs/made-fits.ts";
import { repositoryRoot } from "./support/oracles.ts";

const page = readFileSync(join(repositoryRoot, "docs", "libraries.md"), "utf8");
const example = /```ts\n(.*?)```/s.exec(page)?.[1] ?? "";
const folder = mkdtempSync(join(tmpdir(), "sis-example-"));
let archive: Archive;

beforeAll(async () => {
  archive = await startArchive(await exampleFile());
});
afterAll(async () => {
  await archive.close();
  rmSync(folder, { recursive: true });
});

async function run(code: string) {
  const program = join(folder, "example.mts");
  writeFileSync(program, code);
  const tsx = join(repositoryRoot, "node_modules", "tsx", "dist", "cli.mjs");
  const child = spawn(process.execPath, [tsx, program], { timeout: 50_000 });
  let printed = "";
  child.stdout.on("data", (data) => (printed += data));
  child.stderr.on("data", (data) => (printed += data));
  const [status] = await once(child, "close");
  return { status, printed };
}

describe("the example of docs/libraries.md", () => {
  it("the example of docs/libraries.md has at most twenty lines, and runs unchanged on a compressed file of an archive", async () => {
    expect(
      example
        .trim()
        .split("\n")
        .filter((line) => line !== "").length,
    ).toBeLessThanOrEqual(20);
    const room = (name: string) =>
      pathToFileURL(join(repositoryRoot, "packages", name, "src", "index.ts")).href;
    const code = example
      .replace("sbn-survey-image-service/fits", room("fits"))
      .replace("sbn-survey-image-service/wcs", room("wcs"))
      .replace("https://archive.example/frame.fits.fz", archive.url);
    const { status, printed } = await run(code);
    expect(printed).toMatch(
      /^RA---TAN undefined\n\d+ bytes of \d+\n3080 (?:150|149\.9+|150\.0+\d*) -?\d\S*\n$/,
    );
    expect(status).toBe(0);
  });
});
