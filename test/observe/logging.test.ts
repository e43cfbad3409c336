import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logLine } from "../../src/observe/log-line.ts";
import { openLogger } from "../../src/observe/logger.ts";
import { KNOWN_ID, testService } from "../support/test-service.ts";

describe("logLine, as the existing service writes", () => {
  it("logLine writes level, local time and JSON, as the existing service does", () => {
    const at = new Date(2021, 1, 7, 4, 10, 6, 60);
    const record = {
      job_id: "013f",
      id: "urn:...",
      ra: 47.4495603,
      size: "5arcmin",
      dec: null,
      download: true,
      none: undefined,
    };
    expect(logLine("INFO", at, record)).toBe(
      'INFO 2021-02-07 04:10:06,060: {"job_id": "013f", "id": "urn:...", "ra": 47.4495603, "size": "5arcmin", "dec": null, "download": true}\n',
    );
  });

  it("logLine keeps any text on its line, in printable ASCII, so that it can be read back", () => {
    // fc.string of all characters first makes a table of them, for seconds
    const character = fc
      .integer({ min: 0, max: 0x10ffff - 0x800 })
      .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
    const anyText = fc.oneof(
      fc.string(),
      fc.array(character).map((characters) => characters.join("")),
    );
    fc.assert(
      fc.property(anyText, (id) => {
        const line = logLine("ERROR", new Date(), { id });
        expect(line).toMatch(/^ERROR [^\n\r]+\n$/);
        expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]+$/);
        expect(JSON.parse(line.slice(line.indexOf("{"))).id).toBe(id);
      }),
    );
  });
});

describe("openLogger", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sbnsis-log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("two writers lose and tear no line of a file that is rotated meanwhile", async () => {
    const file = join(folder, "deep", "sbnsis.log");
    const writers = [openLogger({ file, stderr: false }), openLogger({ file, stderr: false })];
    const write = (from: number) => {
      for (let i = from; i < from + 2000; i++) {
        for (const [w, writer] of writers.entries()) writer.info({ n: i * 2 + w, text: "x".repeat(i % 300) });
      }
    };
    write(0);
    renameSync(file, `${file}.1`);
    for (const writer of writers) writer.reopen();
    write(2000);
    await Promise.all(writers.map((writer) => writer.close()));
    const lines = [`${file}.1`, file].flatMap((name) =>
      readFileSync(name, "utf8").split("\n").filter(Boolean),
    );
    const numbers = lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))).n as number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 8000 }, (_, i) => i));
  });

  it("a log file that cannot be opened does not stop the service, and the reason is logged", async () => {
    const logger = openLogger({ file: folder, stderr: false });
    logger.info({ event: "nobody reads this" });
    expect(logger.problems()).toEqual([`${folder}: it is a folder (EISDIR)`]);
    expect(logger.samples()).toMatchObject({ sbnsis_log_files_failing: 1 });
    await logger.close();
  });
});

describe("the log of requests", () => {
  it("a successful request logs two lines, linked by its job id, with the keys in order", async () => {
    const service = await testService();
    const answer = await service.app.inject({
      url: `/images/${KNOWN_ID}?ra=47.5&dec=32.25&size=5arcmin&download=true`,
    });
    const [first, second, ...more] = service.lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))));
    expect(more).toEqual([]);
    expect(Object.keys(first)).toEqual(["job_id", "id", "ra", "dec", "size", "format", "download", "align"]);
    expect(Object.keys(second)).toEqual([
      "job_id",
      "filename",
      "download_filename",
      "mime_type",
      "bytes",
      "duration_ms",
      "origin",
    ]);
    expect(first).toMatchObject({ job_id: answer.headers["x-job-id"], ra: 47.5, dec: 32.25, download: true });
    expect(second).toMatchObject({ job_id: first.job_id, filename: service.file, mime_type: "image/fits" });
    await service.close();
  });

  it("a request with invalid parameters logs nothing", async () => {
    const service = await testService();
    await service.app.inject({ url: `/images/${KNOWN_ID}?ra=bogus&dec=1&size=1arcmin` });
    await service.app.inject({ url: `/images/${KNOWN_ID}?size=1arcmin` });
    expect(service.lines).toEqual([]);
    await service.close();
  });
});
