import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectList } from "../../src/moving-objects/object-row.ts";
import { readList } from "../../src/moving-objects/read-list.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/moving-objects");
const OPTIONS = { maximumRows: 2000, uncTheta: "theta" } as const;
const fixture = (name: string) => readFileSync(join(FOLDER, name));
const read = (text: string | Uint8Array, type = "text/plain"): ObjectList =>
  readList(typeof text === "string" ? Buffer.from(text) : text, type, OPTIONS);

interface Expected {
  readonly ra: readonly number[];
  readonly dec: readonly number[];
  readonly mjd: readonly number[];
  readonly rate: readonly number[];
  readonly pa: readonly number[];
  readonly unc_a: readonly number[];
  readonly unc_b: readonly number[];
  readonly unc_pa: readonly number[];
}
const expected = JSON.parse(fixture("expected.json").toString()) as Expected;

const FORMS: readonly (readonly [name: string, form: string, sigma: number | null])[] = [
  ["ades-2017.psv", "ades-psv", 1],
  ["ades-2017.xml", "ades-xml", 1],
  ["ades-2022.psv", "ades-psv", 1],
  ["ades-2022.xml", "ades-xml", 1],
  ["catch.json", "catch", 3],
  ["horizons-tdb.csv", "horizons", 3],
  ["horizons.csv", "horizons", 3],
  ["horizons.json", "horizons", 3],
  ["horizons.txt", "horizons", 3],
  ["list-binary.vot", "votable", 1],
  ["list-binary2.vot", "votable", 1],
  ["list-tabledata.vot", "votable", 1],
  ["list.csv", "csv", 1],
  ["list.json", "json", 1],
  ["list.tsv", "tsv", 1],
  ["mpc80.txt", "mpc80", null],
  ["units-binary.vot", "votable", 1],
  ["units-binary2.vot", "votable", 1],
  ["units-tabledata.vot", "votable", 1],
];

describe("lists of moving objects", () => {
  test("every fixture of a list format is compared", () => {
    const files = readdirSync(FOLDER).filter(
      (name) => !["expected.json", "horizons-apparent.csv"].includes(name),
    );
    expect(FORMS.map(([name]) => name)).toEqual(files.sort());
  });

  test.each(FORMS)(
    "the list %s gives the positions and times that astropy has for its ephemeris",
    (name, form, sigma) => {
      const list = read(fixture(name));
      expect(list.form).toBe(form);
      expect(list.rows.map(({ detail }) => detail)).toEqual(expected.ra.map(() => null));
      expect(list.rows).toHaveLength(expected.ra.length);
      for (const [i, row] of list.rows.entries()) {
        // across RA 0 the difference may be a whole turn
        const turn = Math.abs(((row.ra! - expected.ra[i]! + 540) % 360) - 180);
        expect(turn).toBeLessThan(1e-9);
        expect(Math.abs(row.dec! - expected.dec[i]!)).toBeLessThan(1e-9);
        expect(Math.abs(row.mjd! - expected.mjd[i]!) * 86_400_000).toBeLessThan(1);
        if (form === "mpc80") continue;
        if (form.startsWith("ades")) {
          // rmsRA 0.3, rmsDec 0.4, not correlated: the major axis is north
          expect([row.unc_a, row.unc_b]).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.3, 12)]);
          expect([row.unc_pa, row.unc_sigma]).toEqual([0, sigma]);
          continue;
        }
        expect(row.rate).toBeCloseTo(expected.rate[i]!, 4);
        expect(row.pa).toBeCloseTo(expected.pa[i]!, 4);
        expect(row.unc_a).toBeCloseTo(expected.unc_a[i]!, 9);
        expect(row.unc_sigma).toBe(sigma);
        if (name.startsWith("units")) {
          expect(row.unc_b).toBe(i === 1 ? null : expected.unc_b[i]!);
          continue;
        }
        expect(row.unc_b).toBeCloseTo(expected.unc_b[i]!, 9);
        expect(row.unc_pa).toBeCloseTo(expected.unc_pa[i]!, 9);
      }
    },
  );

  test("CATCH: frames, target, 3 sigma, Sun, velocity and rates of date as sbsearch stores them", () => {
    const { rows, target, ignored } = read(fixture("catch.json"));
    expect(target).toBe("2019 AB1");
    expect(rows[0]).toMatchObject({
      obs_id: "urn:nasa:pds:gbo.ast.atlas.survey.58678:58678:02a58678o0000o.fits",
      sun_pa: 247.5,
      vel_pa: 67.25,
      vmag: 19.5,
      unc_sigma: 3,
      warnings: ["RATE_OF_DATE"],
    });
    expect(ignored).toContain("mjd_start");
  });

  test("Horizons: Theta -18.442 from east to north is position angle 108.442 (1935 UZ moves along 110.9)", () => {
    const { rows } = read(fixture("horizons.csv"));
    expect(rows[0]!.unc_pa).toBeCloseTo(108.442, 9);
    const switched = readList(fixture("catch.json"), "application/json", { ...OPTIONS, uncTheta: "pa" });
    expect(switched.rows[1]!.unc_pa).toBe(40);
  });

  test("Horizons: PsAng - 180 is towards the Sun, and PsAMV - 180 along the velocity", () => {
    for (const name of ["horizons.csv", "horizons.txt", "horizons.json"]) {
      expect(read(fixture(name)).rows[0]).toMatchObject({ sun_pa: 247.5, vel_pa: 67.25, vmag: 19.5 });
    }
  });

  test("Horizons: a list with only airless apparent positions is EPHEMERIS_FRAME", () => {
    expect(() => read(fixture("horizons-apparent.csv"))).toThrow(
      expect.objectContaining({ code: "EPHEMERIS_FRAME" }),
    );
  });

  test("Horizons: a geocentric ephemeris has a warning with the parallax, 8.794 arcsec at 1 au", () => {
    const text = fixture("horizons.csv").toString().replace("ATLAS-HKO, Haleakala", "GEOCENTRIC");
    const { rows, notes } = read(text);
    expect(rows.every(({ warnings }) => warnings.includes("GEOCENTRIC"))).toBe(true);
    expect(notes.join()).toContain("4.1 arcsec");
  });

  test.each(["Sun (10)", "Solar System Barycenter (0)", "Mars (499)"])(
    "Horizons: positions as seen from %s are EPHEMERIS_FRAME; those from spacecraft, below 0 in Horizons, are read",
    (center) => {
      const text = fixture("horizons.csv").toString();
      expect(() => read(text.replace("Earth (399)", center))).toThrow(
        expect.objectContaining({ code: "EPHEMERIS_FRAME" }),
      );
      expect(read(text.replace("Earth (399)", "NEOWISE (-163)")).rows).toHaveLength(5);
    },
  );

  test("VOTable: times at the barycenter, up to 500 s from those at the observatory, are refused (VOTable 1.4, 3.4)", () => {
    const text = fixture("units-tabledata.vot").toString();
    const moved = (place: string) => text.replace('refposition="TOPOCENTER"', `refposition="${place}"`);
    expect(() => read(moved("BARYCENTER"))).toThrow(/are at BARYCENTER, not at the observatory/);
    expect(read(moved("GEOCENTER")).rows).toEqual(read(text).rows);
    const other = '<TIMESYS ID="b" timescale="TDB" refposition="BARYCENTER"/><TIMESYS ID="tdb"';
    expect(read(text.replace('<TIMESYS ID="tdb"', other)).rows).toEqual(read(text).rows);
  });

  test("Horizons: a date before Christ is an invalid row", () => {
    const text = fixture("horizons.csv").toString().replace(" 2019-Jul-14 09:", "b2019-Jul-14 09:");
    expect(read(text).rows.map(({ code }) => code)).toEqual([null, "ROW_INVALID", null, null, null]);
  });

  test("Horizons: an ephemeris may have ten times as many nodes as a list has rows", () => {
    const text = fixture("horizons.csv").toString();
    const node = / 2019-Jul-14 12:.*\n/.exec(text)![0];
    const long = (nodes: number) => text.replace("$$EOE", `${node.repeat(nodes - 5)}$$$$EOE`);
    const few = { ...OPTIONS, maximumRows: 4 };
    expect(readList(Buffer.from(long(40)), "", few).rows).toHaveLength(40);
    expect(() => readList(Buffer.from(long(41)), "", few)).toThrow(
      expect.objectContaining({ code: "LIST_TOO_LARGE" }),
    );
  });

  test("MPC: the second line of a satellite is skipped with a note, header lines without one", () => {
    const { rows, notes, target } = read(fixture("mpc80.txt"));
    expect([rows.length, target, rows[0]!.station]).toEqual([5, "K19A01B", "T05"]);
    expect(notes).toEqual(["1 second lines of satellite, radar or roving observations were skipped."]);
  });

  test("MPC: an impossible date is not an observation", () => {
    const { rows } = read(
      fixture("mpc80.txt")
        .toString()
        .replace(/(?<=^.{15}\d{4} )\d{2} \d{2}/m, "00 15"),
    );
    expect(rows.filter(({ code }) => code !== null)).toMatchObject([{ code: "ROW_INVALID", mjd: null }]);
  });

  test("sexagesimal right ascensions are hours, decimal ones degrees (as SSOIS reads them)", () => {
    const { rows } = read("ra,dec,mjd\n12:00:00,-00:30:00,58000\n12,1,58000\n1h,0,58000\n");
    expect(rows.map(({ ra }) => ra)).toEqual([180, 12, 15]);
    expect(rows[0]!.dec).toBe(-0.5);
  });

  test("B612's list: the predicted position and motion, degrees per day, are read, not the measured position", () => {
    const text =
      "obscode,exposure_mjd_mid,pred_ra_deg,pred_dec_deg,pred_vra_degpday,pred_vdec_degpday,ra_deg,dec_deg\nI41,58000.5,10,20,0.24,0,11,21\n";
    expect(read(text).rows[0]).toMatchObject({
      ra: 10,
      dec: 20,
      mjd: 58000.5,
      rate: 36,
      pa: 90,
      station: "I41",
    });
  });

  test.each([
    ["2019-07-14T12:00:00Z", 58678.5],
    ["2019-07-14 12:00:00", 58678.5],
    ["2019-195T12:00", 58678.5],
    ["2019-Jul-14 12:00:00.000", 58678.5],
    ["2019-07-14T14:00:00+02:00", 58678.5],
    ["58678.5", 58678.5],
    ["2458679.0", 58678.5],
  ])("the time %s in a list is MJD %d", (time, mjd) => {
    expect(read(`ra,dec,time\n1,2,${time}\n`).rows[0]!.mjd).toBe(mjd);
  });
});
