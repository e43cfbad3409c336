import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";

const ROWS = 500;

const READ = `
import sys, zipfile, csv, io
z = zipfile.ZipFile(sys.argv[1])
rows = list(csv.DictReader(io.TextIOWrapper(z.open("manifest.csv"), "utf-8")))
print(z.testzip(), len(z.namelist()), len(rows), len(set(row["n"] for row in rows)), set(row["status"] for row in rows))
`;

/** Resolves when the event of the result with this number arrives. */
async function rowStored(url: string, number: number): Promise<void> {
  const { body } = await fetch(url);
  let text = "";
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes(`\nid: ${number}\n`)) return;
  }
  throw new Error(`the events ended before number ${number}`);
}

interface Status {
  readonly id: string;
  readonly phase: string;
  readonly rows: { readonly done: number };
}

describe("a batch of 500 rows, kill -9 of both workers when row 250 is stored and a restart of the service", {
  timeout: 180_000,
}, () => {
  let place: Workplace;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sis-batch-"));
    place = await workplace();
    place.set("SBNSIS_JOBS_LEASE_SECONDS", "1");
    for (const command of [["create-tables"], ["test-data", "--add", "--frames", "10"], ["start"]]) {
      const { status, stderr } = await place.run("sbnsis", ...command);
      expect([status, stderr]).toEqual([0, expect.anything()]);
    }
  });
  afterAll(async () => {
    await place.dispose();
    rmSync(folder, { recursive: true });
  });

  it("a batch whose workers are killed with -9 at row 250 ends with 500 rows, each stored once; Python and Info-ZIP read the archive, resumed at a random byte", async () => {
    const rows = Array.from({ length: ROWS }, (_, i) => {
      const frame = i % 10;
      return `urn:nasa:pds:survey:test-collection:test-${String(frame).padStart(6, "0")},${(frame - 9) * 0.95 + 360},${(0.001 * Math.floor(i / 10)).toFixed(3)}`;
    });
    const response = await fetch(`${place.base}/batch?size=40px`, {
      method: "POST",
      body: `obs_id,ra,dec\n${rows.join("\n")}\n`,
      headers: { "content-type": "text/csv" },
    });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as Status;
    const url = `${place.base}/batch/${id}`;
    const status = async () => (await (await fetch(url)).json()) as Status;
    const workers = async () => {
      const { stdout } = await place.run("sbnsis", "status", "--json");
      return (JSON.parse(stdout) as { readonly workers: readonly { readonly pid: number }[] }).workers;
    };
    const killed = await workers();
    await rowStored(`${url}/events`, 250);
    for (const { pid } of killed) process.kill(pid, "SIGKILL");
    await expect
      .poll(
        () =>
          status().then(
            (now) => now.rows.done,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBeGreaterThan(350);
    await place.run("sbnsis", "restart");
    await expect
      .poll(
        () =>
          status().then(
            (now) => now.phase,
            () => "",
          ),
        { timeout: 60_000 },
      )
      .toBe("COMPLETED");

    const events = await (await fetch(`${url}/events`)).text();
    const ids = [...events.matchAll(/^id: (\d+)$/gm)].map(([, n]) => Number(n));
    expect(ids).toEqual(Array.from({ length: ROWS }, (_, i) => i + 1));
    const numbers = [...events.matchAll(/^data: \{"n":(\d+),/gm)].map(([, n]) => Number(n));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, i) => i + 1));

    const whole = Buffer.from(await (await fetch(`${url}/files.zip`)).arrayBuffer());
    const at = 1 + Math.floor(Math.random() * (whole.length - 2));
    const path = join(folder, "files.zip");
    writeFileSync(path, whole.subarray(0, at));
    execFileSync("curl", ["-s", "-f", "-C", "-", "-o", path, `${url}/files.zip`]);
    expect(execFileSync("cmp", [path, "-"], { input: whole, encoding: "utf8" })).toBe("");
    expect(execFileSync("unzip", ["-tq", path], { encoding: "utf8" })).toMatch(/No errors detected/);
    const read = execFileSync("python3", ["-c", READ, path], { encoding: "utf8" });
    expect(read.trim()).toBe(`None ${ROWS + 2} ${ROWS} ${ROWS} {'done'}`);
  });
});
