import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type LookupTable,
  pixelToWorld,
  type Wcs,
  wcsFromHeader,
  worldToPixel,
} from "../../../packages/wcs/src/index.ts";
import { headerOf } from "../../../packages/wcs/test/header-of.ts";
import { askPython, oraclePython, sharedFolder } from "../../support/oracles.ts";

/**
 * Rows that do not agree, identified by their header, with the reason. The test fails when one of
 * them agrees.
 */
const EXCEPTIONS: readonly { readonly reason: string; readonly applies: (header: Values) => boolean }[] = [
  {
    reason:
      "wcslib reads the plate solution (AMDX, AMDY); here CTYPE goes before it, as the survey rules ask",
    applies: (header) => "AMDX1" in header && "PPO3" in header && "CTYPE1" in header,
  },
];

type Values = Record<string, string | number | boolean | (string | number | boolean)[]>;
interface Row {
  readonly path: string;
  readonly hdu: string;
  readonly drop: string;
  readonly x: number;
  readonly y: number;
  readonly lon: number;
  readonly lat: number;
  readonly closes: boolean;
}
interface Source {
  readonly header: Values;
  readonly tables: Record<string, LookupTable>;
}

/**
 * Header cards and lookup tables of every image that the table names, as astropy reads the files.
 */
const READ = `
import csv, json, sys, warnings
warnings.simplefilter("ignore")
from astropy.io import fits
folder, table = sys.argv[1:]
out = {}
for r in csv.DictReader(open(table).read().split("\\n")[1:], delimiter="\\t"):
    key = "|".join((r["path"], r["hdu"], r["drop"]))
    if key in out: continue
    path = folder + "/" + r["path"]
    tables = {}
    if r["hdu"] == "hdr":
        text = open(path, "rb").read().decode("latin1")
        header = fits.Header.fromstring(text, sep="\\n" if "\\n" in text[:200] or path.endswith(".txt") else "")
    else:
        hdus = fits.open(path, ignore_missing_simple=True)
        header = hdus[int(r["hdu"])].header
        for hdu in hdus:
            if hdu.name in ("WCSDVARR", "D2IMARR"):
                h = hdu.header
                tables[f"{hdu.name}{hdu.ver}"] = dict(width=h["NAXIS1"], height=h["NAXIS2"], data=hdu.data.astype(float).ravel().tolist(),
                    **{k.lower(): [h[k + "1"], h[k + "2"]] for k in ("CRPIX", "CRVAL", "CDELT")})
    values = {}
    for card in header.cards:
        try: value = card.value
        except Exception: continue
        if card.keyword.upper() in r["drop"].split(",") or not isinstance(value, (str, int, float)): continue
        values.setdefault(card.keyword.upper(), value)
    out[key] = dict(header=values, tables=tables)
print(json.dumps(out))
`;

const folder = sharedFolder("data");
const table = folder && join(folder, "EXPECTED_wcs_astropy7.tsv");

function rows(path: string): readonly Row[] {
  const [, names, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const columns = names!.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    const at = (name: string) => cells[columns.indexOf(name)] ?? "";
    const number = (name: string) => Number(at(name));
    const closes = Math.hypot(number("x_back") - number("x"), number("y_back") - number("y")) < 1e-5;
    const place = { x: number("x"), y: number("y"), lon: number("lon_deg"), lat: number("lat_deg") };
    return { path: at("path"), hdu: at("hdu"), drop: at("drop"), ...place, closes };
  });
}

/** Why a row does not agree, or undefined. */
function disagreement(wcs: Wcs, row: Row): string | undefined {
  const sky = pixelToWorld(wcs, row.x - 1, row.y - 1);
  if (Number.isNaN(row.lon) || sky === undefined) {
    return Number.isNaN(row.lon) === (sky === undefined) ? undefined : `on the map: ${sky !== undefined}`;
  }
  const off = Math.max(Math.abs(sky.lon - row.lon), Math.abs(sky.lat - row.lat));
  if (!(off < 1e-9)) return `${off} degrees off`;
  if (!row.closes) return undefined;
  const back = worldToPixel(wcs, sky.lon, sky.lat);
  const missed = back === undefined ? Number.NaN : Math.hypot(back.x + 1 - row.x, back.y + 1 - row.y);
  return missed < 1e-8 ? undefined : `${missed} pixels off on the way back`;
}

describe.skipIf(table === undefined || oraclePython() === undefined)(
  "the shared table of positions (skipped without the shared data and the oracles' Python)",
  () => {
    test("every row of the shared table has the position of astropy 7 to 1e-9 degree, and maps back to 1e-8 pixel", () => {
      const sources = askPython(READ, folder!, table!) as Record<string, Source>;
      const wrong: string[] = [];
      let agreeing = 0;
      let excepted = 0;
      for (const row of rows(table!)) {
        const { header, tables } = sources[[row.path, row.hdu, row.drop].join("|")]!;
        const wcs = wcsFromHeader(headerOf(header), {
          lookupTable: (name, version) => tables[`${name}${version}`],
        });
        const why = disagreement(wcs, row);
        const exception = EXCEPTIONS.find(({ applies }) => applies(header));
        const label = `${row.path} ${row.hdu} (${row.x}, ${row.y})`;
        if (exception === undefined && why !== undefined) wrong.push(`${label}: ${why}`);
        else if (exception !== undefined && why === undefined)
          wrong.push(`${label} agrees although: ${exception.reason}`);
        else if (exception === undefined) agreeing++;
        else excepted++;
      }
      expect(wrong).toEqual([]);
      expect(agreeing).toBeGreaterThan(500);
      expect(excepted).toBeLessThan(10);
    });
  },
);
