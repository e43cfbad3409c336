import { headerFromCards, valueCard } from "@sbnsis/fits";
import { describe, expect, it } from "vitest";
import { midTime } from "../../src/moving-objects/time/mid-time.ts";
import { writtenTime } from "../../src/moving-objects/time/written-time.ts";

const SURVEY = "urn:nasa:pds:other.survey:data:frame";

function middle(cards: Readonly<Record<string, string | number>>) {
  const header = headerFromCards(Object.entries(cards).map(([name, value]) => valueCard(name, value)));
  return midTime(SURVEY, undefined, () => header);
}

describe("the middle of an exposure from a header", () => {
  // astropy 7: (Time("2012-03-04T05:06:07", scale=...) + 15 s).utc.mjd
  it.each([
    ["UTC", 55_990.21275462963],
    ["UT", 55_990.21275462963],
    ["TAI", 55_990.21236111111],
    ["TT", 55_990.21198861111],
    ["TT(TAI)", 55_990.21198861111],
    ["TDT", 55_990.21198861111],
    ["TDB", 55_990.21198859467],
  ])("TIMESYS = %s is the scale of DATE-OBS: astropy.time has the same UTC within 0.1 ms", (scale, mjd) => {
    const found = middle({ TIMESYS: scale, "DATE-OBS": "2012-03-04T05:06:07", EXPTIME: 30 });
    expect(Math.abs(found!.mjd - mjd) * 86_400_000).toBeLessThan(0.1);
    expect(found!.from).toBe("header:DATE-OBS+EXPTIME/2");
  });

  it("TIMESYS is also the scale of MJD-OBS, as Pan-STARRS writes it: astropy.time has the same UTC within 0.1 ms", () => {
    const found = middle({ TIMESYS: "TAI", "MJD-OBS": 55_990.2125809, EXPTIME: 40 });
    expect(Math.abs(found!.mjd - 55_990.21241886296) * 86_400_000).toBeLessThan(0.1);
  });

  it("an unknown TIMESYS is an error that names it (FITS 4.0, table 30)", () => {
    expect(() => middle({ TIMESYS: "LOCAL", "MJD-OBS": 55_990, EXPTIME: 40 })).toThrow(/TIMESYS = "LOCAL"/);
  });

  it("DATE-OBS without a time of day gives no middle of the exposure; TIME-OBS completes it", () => {
    const date = { "DATE-OBS": "2012-03-04", EXPTIME: 30 };
    expect(middle(date)).toBeUndefined();
    const found = middle({ ...date, "TIME-OBS": "05:06:07" });
    expect(found!.mjd).toBeCloseTo(55_990.21275462963, 9);
  });

  it("numbers in a header that cannot be Modified Julian Dates of an exposure are ignored", () => {
    expect(middle({ "MJD-OBS": 2_455_990.71, EXPTIME: 30 })).toBeUndefined();
    expect(middle({ "MJD-OBS": 1e12, EXPTIME: 30 })).toBeUndefined();
  });
});

describe("times of lists that are numbers", () => {
  it("a year in a list is not a Modified Julian Date, unless the column says so", () => {
    for (const year of ["2019", 2015.5, "0"])
      expect(writtenTime(year, { kind: "any", scale: "utc" })).toBeUndefined();
    expect(writtenTime("2019", { kind: "mjd", scale: "utc" })).toBe(2019);
    expect(writtenTime("58678.25", { kind: "any", scale: "utc" })).toBe(58_678.25);
    expect(writtenTime("2458678.75", { kind: "any", scale: "utc" })).toBe(58_678.25);
  });
});
