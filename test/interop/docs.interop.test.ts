import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docExamples, outputPattern } from "../support/doc-examples.ts";
import { oraclePython, repositoryRoot } from "../support/oracles.ts";

const PAGES = ["README.md", "docs/user.md", "docs/moving-objects.md"];
const textOf = (page: string) => readFileSync(join(repositoryRoot, page), "utf8");
const written = "http://127.0.0.1:5000";
const requests = join(repositoryRoot, "scripts", "demo-requests.mjs");

let folder: string;
let base: string;
let demo: ChildProcess;
let said = "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-docs-"));
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  demo = spawn(process.execPath, [join(repositoryRoot, "scripts", "demo.mjs"), join(folder, "demo")], {
    env: { ...process.env, API_PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    const take = (text: Buffer) => {
      said += String(text);
      if (said.includes("Ctrl-C")) resolve();
    };
    demo.stdout?.on("data", take);
    demo.stderr?.on("data", take);
    demo.once("exit", () => reject(new Error(`the demo ended: ${said}`)));
  });
}, 600_000);

afterAll(async () => {
  if (demo.exitCode === null) {
    const ended = new Promise((resolve) => demo.once("exit", resolve));
    demo.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe("the commands of the docs, pasted while the demo of the README runs", () => {
  const python = oraclePython();
  for (const page of PAGES) {
    const examples = docExamples(textOf(page)).filter(({ language }) => language === "sh" || python);
    test.each(examples)(`${page} shows the output of $code`, ({ language, code, output }) => {
      const program = language === "sh" ? "bash" : (python ?? "");
      const pasted = code.replaceAll(written, base).replaceAll("data/demo/", "demo/");
      const printed = execFileSync(program, ["-c", pasted], { cwd: folder, encoding: "utf8" });
      expect(printed.replaceAll(base, written).replaceAll(/\s/g, "")).toMatch(outputPattern(output));
    });
  }

  test("the first link of the demo is the picture of docs/user.md, a PNG of 630 x 630 pixels", async () => {
    const { DEMO_PICTURE } = (await import(requests)) as { readonly DEMO_PICTURE: string };
    const [first = ""] = said.match(/http:\S+/g) ?? [];
    expect(first).toBe(`${base}${DEMO_PICTURE}`);
    const [path = "", options = ""] = DEMO_PICTURE.split("?");
    expect(textOf("docs/user.md")).toContain(`IMAGE="${written}${path}"`);
    expect(textOf("docs/user.md")).toContain(`"$IMAGE?${options}"`);
    const response = await fetch(first);
    expect(response.status).toBe(200);
    const png = Buffer.from(await response.arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([630, 630]);
  });
});
