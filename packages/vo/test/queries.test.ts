import { describe, expect, it } from "vitest";
import { runIdOf, tableFormatOf } from "../src/parameters/common.ts";
import { GivenParameters } from "../src/parameters/given-parameters.ts";
import { readSiaQuery } from "../src/sia/sia-query.ts";
import { readSodaAsync, readSodaSync } from "../src/soda/soda-query.ts";
import { readDestruction, readExecutionDuration, readListQuery, readWait } from "../src/uws/uws-requests.ts";

const given = (query: string) => new GivenParameters(new URLSearchParams(query));
const usage = expect.objectContaining({ code: "VO_USAGE" });

describe("parameters", () => {
  it("parameter names are case-insensitive, and empty values count as absent (contract V2)", () => {
    const parameters = given("id=a&ID=B&TIME=&Band=+&iD=a++%20b");
    expect(parameters.all("ID")).toEqual(["a", "B", "a b"]);
    expect([parameters.has("TIME"), parameters.has("BAND")]).toEqual([false, false]);
  });

  it("a parameter has at most 1000 values (contract V4)", () => {
    const many = (n: number) => given(Array(n).fill("ID=a").join("&"));
    expect(many(1000).all("ID")).toHaveLength(1000);
    expect(() => many(1001).all("ID")).toThrow(/1001 values/);
  });

  it("RUNID has at most 64 characters (DALI 1.1, 3.4.6)", () => {
    expect(runIdOf(given(`RUNID=${"x".repeat(64)}`))).toHaveLength(64);
    expect(() => runIdOf(given(`RUNID=${"x".repeat(65)}`))).toThrow(usage);
  });

  it.each([
    ["", "votable", "application/x-votable+xml"],
    ["votable", "votable", "application/x-votable+xml"],
    ["application/x-votable+xml;serialization=tabledata", "votable", "application/x-votable+xml"],
    ["text/xml", "votable", "text/xml"],
    ["application/xml", "votable", "application/xml"],
    ["csv", "csv", "text/csv; charset=utf-8; header=present"],
    ["text/tab-separated-values", "tsv", "text/tab-separated-values; charset=utf-8"],
  ])(
    "RESPONSEFORMAT chooses the format %j and its Content-Type (DALI 1.1, 3.4.3)",
    (format, kind, contentType) => {
      const parameters = given(`RESPONSEFORMAT=${encodeURIComponent(format)}`);
      expect(tableFormatOf(parameters, true)).toEqual({ kind, contentType });
    },
  );

  it("RESPONSEFORMAT refuses other formats, CSV where there is none, and a second value (contract V6)", () => {
    for (const query of ["RESPONSEFORMAT=application/pdf", "RESPONSEFORMAT=votable&responseformat=votable"])
      expect(() => tableFormatOf(given(query), true)).toThrow(usage);
    expect(() => tableFormatOf(given("RESPONSEFORMAT=csv"), false)).toThrow(usage);
  });
});

describe("SIA 2", () => {
  it("an SIA query reads all parameters of SIA 2.0, 2.1; repeated ones are lists", () => {
    const query = readSiaQuery(
      given(
        "POS=CIRCLE+1+2+3&POS=RANGE+0+1+2+3&BAND=5e-7&TIME=1+2&POL=I&FOV=0+1&SPATRES=0+1&SPECRP=0+1&EXPTIME=1+2&TIMERES=1&ID=x&COLLECTION=a&COLLECTION=b&FACILITY=f&INSTRUMENT=i&DPTYPE=image&CALIB=1&CALIB=3&TARGET=t&FORMAT=image/fits&MAXREC=5&foo=bar",
      ),
    );
    expect(query).toMatchObject({
      pos: [{ kind: "circle" }, { kind: "range" }],
      band: [[5e-7, 5e-7]],
      exptime: [[1, 2]],
      collection: ["a", "b"],
      calib: [1, 3],
      format: ["image/fits"],
      maxrec: 5,
    });
  });

  it("an SIA query has 10000 rows by default and lowers more than 100000 (DALI 1.1, 3.4.4)", () => {
    expect(["", "MAXREC=0", "MAXREC=999999999"].map((query) => readSiaQuery(given(query)).maxrec)).toEqual([
      10_000, 0, 100_000,
    ]);
  });

  it.each(["MAXREC=-1", "MAXREC=1.5", "MAXREC=1&MAXREC=2", "MAXREC=1e3", "CALIB=9", "CALIB=x", "FOV=nan"])(
    "an SIA query refuses %s (contract S7, S10)",
    (query) => {
      expect(() => readSiaQuery(given(query))).toThrow(usage);
    },
  );
});

describe("SODA", () => {
  it("an asynchronous SODA request combines ID, region, BAND and TIME in that nesting order (contract U6)", () => {
    const { cutouts } = readSodaAsync(given("ID=a&ID=b&CIRCLE=1+2+3&POS=CIRCLE+4+5+6&TIME=1+2&TIME=3+4"));
    expect(cutouts.map(({ id, region, time }) => [id, region?.text, time?.[0]])).toEqual([
      ["a", "CIRCLE 4 5 6", 1],
      ["a", "CIRCLE 4 5 6", 3],
      ["a", "CIRCLE 1 2 3", 1],
      ["a", "CIRCLE 1 2 3", 3],
      ["b", "CIRCLE 4 5 6", 1],
      ["b", "CIRCLE 4 5 6", 3],
      ["b", "CIRCLE 1 2 3", 1],
      ["b", "CIRCLE 1 2 3", 3],
    ]);
  });

  it("an asynchronous SODA request has at most 1000 combinations (contract U6)", () => {
    const query = (n: number) => Array.from({ length: n }, (_, i) => `ID=${i}&CIRCLE=${i}+2+3`).join("&");
    expect(readSodaAsync(given(query(31))).cutouts).toHaveLength(961);
    expect(() => readSodaAsync(given(query(32)))).toThrow(/1024 combinations/);
  });

  it.each(["ID=a&ID=b", "ID=a&CIRCLE=1+2+3&POS=CIRCLE+1+2+3", "ID=a&BAND=1&BAND=2", "ID=a&TIME=1&TIME=2"])(
    "a synchronous SODA request allows one product, not those of %s (contract C5)",
    (query) => {
      expect(() => readSodaSync(given(query))).toThrow(expect.objectContaining({ code: "VO_MULTIPLE" }));
    },
  );

  it("a SODA request refuses an unknown parameter given alone, which may be a misspelt CIRCLE (contract V2)", () => {
    expect(() => readSodaSync(given("ID=a&CIRLCE=1+2+3"))).toThrow(/CIRLCE is not a parameter/);
    expect(readSodaSync(given("ID=a&CIRCLE=1+2+3&foo=1"))).toMatchObject({ id: "a" });
    expect(readSodaSync(given("ID=a&RUNID=x&POL="))).toEqual({ id: "a", format: "fits" });
  });

  it("a SODA request needs an ID (contract C6)", () => {
    expect(() => readSodaSync(given("CIRCLE=1+2+3"))).toThrow(usage);
  });
});

describe("UWS", () => {
  it("UWS job lists are filtered by PHASE, AFTER and LAST (UWS 1.1, 2.2.2.2)", () => {
    expect(readListQuery(given("PHASE=ERROR&phase=ABORTED&AFTER=2026-01-01T00:00:00&LAST=3"))).toEqual({
      phases: ["ERROR", "ABORTED"],
      after: Date.UTC(2026, 0, 1),
      last: 3,
    });
    for (const query of ["PHASE=DONE", "LAST=0", "AFTER=yesterday"])
      expect(() => readListQuery(given(query))).toThrow(usage);
  });

  it("a UWS request waits at most 60 s (contract U7)", () => {
    const waits = ["WAIT=5", "WAIT=-1", "WAIT=9999&PHASE=QUEUED", "PHASE=QUEUED"];
    expect(waits.map((query) => readWait(given(query)))).toEqual([
      { seconds: 5, phase: undefined },
      { seconds: 60, phase: undefined },
      { seconds: 60, phase: "QUEUED" },
      undefined,
    ]);
  });

  it("execution duration and destruction of a UWS job are bounded (contract U4)", () => {
    const durations = ["0", "120", "99999"].map((s) =>
      readExecutionDuration(given(`EXECUTIONDURATION=${s}`)),
    );
    expect(durations).toEqual([3600, 120, 3600]);
    const now = Date.UTC(2026, 0, 1);
    expect(readDestruction(given("DESTRUCTION=2026-01-02T00:00:00.5Z"), now)).toBe(now + 86_400_500);
    expect(readDestruction(given("DESTRUCTION=2036-01-02"), now)).toBe(now + 30 * 86_400_000);
    expect(() => readDestruction(given("DESTRUCTION=soon"), now)).toThrow(usage);
    // the calendar: 1900 has no 29 February, 2000 and 2024 have one
    for (const day of ["2026-02-30", "2026-06-31T00:00:00Z", "1900-02-29", "2026-02-29T12:00"])
      expect(() => readDestruction(given(`DESTRUCTION=${day}`), now)).toThrow(usage);
    for (const day of ["2000-02-29", "2024-02-29T12:00"])
      expect(readDestruction(given(`DESTRUCTION=${day}`), now)).toBeLessThan(now);
  });
});
