import { expect, test } from "vitest";
import { angleOf, readDeclination, readRightAscension } from "../../src/config/sky-angle.ts";
import { cutoutSize } from "../../src/products/request/cutout-size.ts";

const ra = (text: string) => angleOf("ra", text, readRightAscension);
const dec = (text: string) => angleOf("dec", text, readDeclination);

test.each([
  ["174.62244", 174.62244],
  ["+10.5", 10.5],
  [".5", 0.5],
  ["1e2", 100],
  ["10:00:00.5", 150.00208333333333],
  ["10h00m00.5s", 150.00208333333333],
  ["10H00M00.5S", 150.00208333333333],
  ["10h 00m 00.5s", 150.00208333333333],
  ["10 00 00.5", 150.00208333333333],
  ["00:00:00", 0],
  ["23:59:59.999", 359.9999958333333],
  ["24:00:00", 360],
  ["11h38m29.39s", 174.62245833333333],
  ["10h", 150],
  ["10h30m", 157.5],
  ["150d00m30s", 150.00833333333333],
])("ra=%s is %d degrees, as astropy's Angle reads it", (text, degrees) => {
  expect(Math.abs(ra(text) - degrees)).toBeLessThan(1e-12);
});

test.each([
  ["-30.25", -30.25],
  ["-30:15:02", -30.250555555555557],
  ["-30d15m02s", -30.250555555555557],
  ["-30 15 02", -30.250555555555557],
  ["-30°15'02\"", -30.250555555555557],
  ["−30:15:02", -30.250555555555557],
  ["-00:30:00", -0.5],
  ["-0d30m", -0.5],
  ["+17:58:33.4", 17.975944444444444],
  ["90:00:00", 90],
  ["-90d", -90],
])("dec=%s is %d degrees, as astropy's Angle reads it", (text, degrees) => {
  expect(Math.abs(dec(text) - degrees)).toBeLessThan(1e-12);
});

test.each([
  ["360.5", "allowed: a number from 0 to 360."],
  ["-1", "allowed: a number from 0 to 360."],
  ["10:60:00", "minutes and seconds below 60"],
  ["10:00:60", "minutes and seconds below 60"],
  ["10h61m", "minutes and seconds below 60"],
  ["24:00:01", "hours from 0 to 24"],
  ["-10:00:00", "a number from 0 to 360, or hours"],
  ["10:00", "a number from 0 to 360, or hours"],
  ["10:00:00:00", "a number from 0 to 360, or hours"],
  ["10:0.5:00", "a number from 0 to 360, or hours"],
  ["1 0", "a number from 0 to 360, or hours"],
  ["ten", "a number from 0 to 360, or hours"],
  ["NaN", "a number from 0 to 360, or hours"],
])("ra=%s is refused with what is allowed", (text, allowed) => {
  expect(() => ra(text)).toThrow(
    expect.objectContaining({ code: "INVALID_PARAMETER", message: expect.stringContaining(allowed) }),
  );
  expect(() => ra(text)).toThrow(`Parameter ra is ${JSON.stringify(text)}`);
});

test.each([
  ["90:00:01", "degrees from -90 to 90"],
  ["-30:15:60", "minutes and seconds below 60"],
  ["10h00m00s", "a number from -90 to 90, or degrees"],
  ["91", "allowed: a number from -90 to 90."],
])("dec=%s is refused with what is allowed", (text, allowed) => {
  expect(() => dec(text)).toThrow(allowed);
});

const pixel = (length: number) => ({ unit: "pixel", length });
const arcsec = (length: number) => ({ unit: "arcsec", length });

test.each([
  ["64px", [pixel(64), pixel(64)]],
  ["64x128px", [pixel(64), pixel(128)]],
  ["64pxx128px", [pixel(64), pixel(128)]],
  ["5arcminx2arcmin", [arcsec(300), arcsec(120)]],
  ["5x2arcmin", [arcsec(300), arcsec(120)]],
  ["64pxx2arcmin", [pixel(64), arcsec(120)]],
  ["0.5degx30px", [arcsec(1800), pixel(30)]],
  ["0.1arcsecx2arcsec", [arcsec(1), arcsec(2)]],
])("size=%s is width x height, kept as written", (text, sides) => {
  expect(cutoutSize(text)).toEqual({ text, sides });
});

test.each([
  ["0px", "whole numbers of pixels from 1"],
  ["1.5px", "whole numbers of pixels from 1"],
  ["64.5x64px", "whole numbers of pixels from 1"],
  ["64", "a number and a unit"],
  ["64x128", "a number and a unit"],
  ["x64px", "a number and a unit"],
  ["64x64x64px", "a number and a unit"],
  ["64pxl", "a number and a unit"],
  ["-5arcmin", "a number and a unit"],
])("size=%s is refused with what is allowed", (text, allowed) => {
  expect(() => cutoutSize(text)).toThrow(allowed);
});
