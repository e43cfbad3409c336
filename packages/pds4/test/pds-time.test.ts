import fc from "fast-check";
import { expect, it } from "vitest";
import { mjdOfTime } from "../src/label/pds-time.ts";

it.each([
  ["1858-11-17", 0],
  ["2000-01-01T12:00:00Z", 51544.5],
  ["2020-07-14T04:15:29.414Z", 59044.1774237731],
  ["2020-196T04:15:29.414", 59044.1774237731],
  ["2020", 58849],
  ["2016-12-31T23:59:60Z", 57754],
  ["2020-01-01T02:00:00+0200", 58849],
  ["0050-03-01", -660619],
])("time %s is MJD %s, by astropy's Time (leap second at the end of the day)", (text, mjd) => {
  expect(mjdOfTime(text)).toBeCloseTo(mjd, 9);
});

it.each([
  "2020-01-01T00:00+24:00",
  "2020-01-01T00:00+02:60",
  "",
  "2020-13",
  "2020-02-30",
  "2020-366x",
  "2019-366",
  "yesterday",
  "2020-01-01T25:00",
  "20200101",
])("%s is not a PDS4 time", (text) => {
  expect(mjdOfTime(text)).toBeUndefined();
});

it("MJDs agree with the platform's calendar", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1000-01-01"), max: new Date("3000-01-01"), noInvalidDate: true }),
      (d) => {
        expect(mjdOfTime(d.toISOString())).toBeCloseTo((d.getTime() + 3506716800000) / 86400000, 8);
      },
    ),
  );
});
