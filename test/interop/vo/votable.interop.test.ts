import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MadeCatalog, madeCatalog, madeImage } from "../../support/catalog/made-catalog.ts";
import { squareFrame } from "../../support/inputs/sky-frames.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";
import { type TestService, testService } from "../../support/test-service.ts";

const images = [
  madeImage("full", {
    record: { target: 'Ceres & <1> "quoted"', facility: "Observatório do Céu ✨ 𝔖", pixelScale: 0.0005 },
    detail: {
      startTime: "2021-04-01T05:00:00Z",
      stopTime: "2021-04-01T05:00:30Z",
      startMjd: 59305.208333333336,
      stopMjd: 59305.20868055556,
      exposure: 30.25,
      filter: "g'",
      corners: squareFrame([359.9, 20], 0.5, 0.3),
    },
  }),
  madeImage("bare", {
    record: { calibrationLevel: null, target: "a\u0001b", instrument: " two  spaces\nand a line, " },
    detail: { corners: squareFrame([0, 20], 0.5, 0) },
  }),
  madeImage("far"),
];

const folder = mkdtempSync(join(tmpdir(), "sis-votable-"));
let made: MadeCatalog;
let service: TestService;
beforeAll(async () => {
  made = await madeCatalog(images);
  service = await testService({ catalog: made.catalog });
});
afterAll(async () => {
  await service.close();
  await made.close();
  rmSync(folder, { recursive: true });
});

const QUERIES: readonly (readonly [string, string])[] = [
  ["all", "order=id"],
  ["a place", "pos=0,20"],
  ["a page", "maxrec=1&order=time"],
  ["nothing", "target=none"],
];

async function answers(query: string): Promise<{ file: string; json: Record<string, unknown>[] }> {
  const get = (form: string) => service.app.inject({ url: `/query?${query}&response=${form}` });
  const table = await get("votable");
  expect(table.headers["content-type"]).toBe("application/x-votable+xml; charset=utf-8");
  const file = join(folder, "answer.vot");
  writeFileSync(file, table.body);
  return { file, json: (await get("json")).json().results };
}

const READ = `
import sys, json, warnings
warnings.simplefilter("error")
from astropy.io import votable
with open(sys.argv[1], "rb") as f: document = votable.parse(f, verify="exception")
table = document.get_first_table()
import numpy as np
def plain(value):
    if value is np.ma.masked: return None
    if isinstance(value, np.ma.MaskedArray) or isinstance(value, np.ndarray): return [None if x is np.ma.masked or np.isnan(x) else float(x) for x in value]
    if isinstance(value, np.generic): return value.item()
    return value
rows = [{f.name: plain(table.array[f.ID][i]) for f in table.fields} for i in range(len(table.array))]
print(json.dumps({"version": document.version, "rows": rows, "units": {f.name: str(f.unit) for f in table.fields if f.unit is not None}}))
`;

/** What a VOTable contains instead of null strings and of characters that XML cannot represent. */
function asTable(row: Record<string, unknown>): Record<string, unknown> {
  const cells = Object.entries(row).map(([name, value]) => {
    if (name === "corners") return [name, (value as number[][] | null)?.flat() ?? Array(8).fill(null)];
    // astropy strips blanks around strings
    if (typeof value === "string") return [name, value.replaceAll("\u0001", "\ufffd").trim()];
    const isNumber = [
      "calibration_level",
      "pixel_scale",
      "exposure",
      "center_ra",
      "center_dec",
      "mid_mjd",
      "distance",
    ].includes(name);
    return [name, value ?? (isNumber ? null : "")];
  });
  return Object.fromEntries(cells);
}

describe.skipIf(oraclePython() === undefined)("VOTables read by astropy, with warnings as errors", () => {
  it.each(QUERIES)(
    "the VOTable of %s has version 1.4, units, and the rows of the JSON response (astropy)",
    async (_, query) => {
      const { file, json } = await answers(query);
      const read = askPython(READ, file) as { version: string; rows: unknown[]; units: object };
      expect(read.version).toBe("1.4");
      expect(read.units).toEqual({
        pixel_scale: "deg",
        exposure: "s",
        corners: "deg",
        center_ra: "deg",
        center_dec: "deg",
        mid_mjd: "d",
        ...(query.includes("pos=") && { distance: "deg" }),
      });
      expect(read.rows).toEqual(json.map(asTable));
    },
  );
});

describe.skipIf(!hasProgram("stilts"))("VOTables checked by votlint of STILTS", () => {
  it.each(QUERIES)("votlint finds nothing in the VOTable of %s", async (_, query) => {
    const { file } = await answers(query);
    const { status, stdout, stderr } = spawnSync("stilts", ["votlint", "ucd=true", "unit=true", file], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  });

  it("votlint reports a damaged VOTable: the check itself works", async () => {
    const { file } = await answers("order=id");
    writeFileSync(
      file,
      '<VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="x" datatype="none"/></TABLE></RESOURCE></VOTABLE>',
    );
    const { stdout, stderr } = spawnSync("stilts", ["votlint", file], { encoding: "utf8", timeout: 60_000 });
    expect(stdout + stderr).toMatch(/ERROR|WARNING/);
  });
});
