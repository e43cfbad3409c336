import { describe, expect, it } from "vitest";
import { isSisError, type SisError } from "../../../src/errors/sis-error.ts";
import { type Header, parseHeader } from "../../fits/src/header/header.ts";
import { headerBlock } from "../../fits/test/support/cards.ts";
import { hasCelestialWcs, wcsFromHeader } from "../src/header/wcs-from-header.ts";
import { pixelToWorld } from "../src/transform/sky.ts";

const TAN = {
  CTYPE1: "'RA---TAN'",
  CTYPE2: "'DEC--TAN'",
  CRVAL1: "150.0",
  CRVAL2: "30.0",
  CRPIX1: "32.0",
  CRPIX2: "24.0",
  CDELT1: "-2.7777777777777778E-4",
  CDELT2: "2.7777777777777778d-4",
};
const CD = { CD1_1: "-2.8E-4", CD1_2: "0.0", CD2_1: "0.0", CD2_2: "2.8E-4" };
const SIP = { A_ORDER: "2", B_ORDER: "2", A_2_0: "1.0E-6", AP_ORDER: "2", BP_ORDER: "2" };

/**
 * A header of cards with the given value fields; without `=` for a keyword that ends in a blank.
 */
function headerOf(fields: Readonly<Record<string, string>>): Header {
  const lines = Object.entries(fields).map(([keyword, field]) =>
    keyword.endsWith(" ") ? `${keyword.padEnd(10)}${field}` : `${keyword.padEnd(8)}= ${field}`,
  );
  return parseHeader(headerBlock(...lines));
}

function refusal(fields: Readonly<Record<string, string>>, alternate = ""): string {
  const header = headerOf({ ...TAN, ...fields });
  expect(hasCelestialWcs(header, { alternate })).toBe(true);
  try {
    wcsFromHeader(header, { alternate });
  } catch (error) {
    return `${(error as SisError).code}: ${(error as SisError).message}`;
  }
  return "none";
}

describe("a WCS card that is present and cannot be read is refused by name (FITS 4.0, 8: only an absent card has a default)", () => {
  it.each([
    ["CRVAL1", "'10:00:00.0'"],
    ["CRVAL2", "150,0"],
    ["CRVAL1", "NaN"],
    ["CRVAL1", "'NaN'"],
    ["CRVAL1", "10 00 00.0"],
    ["CRVAL1", "Infinity"],
    ["CRVAL1", "-inf"],
    ["CRVAL1", "1E999"],
    ["CRVAL1", "0x10"],
    ["CRVAL1", "150.0 deg"],
    ["CRVAL1", "(150.5, 0.5)"],
    ["CRVAL1", "''"],
    ["CRVAL1", "T"],
    ["CRPIX1", "'32,0'"],
    ["CRPIX2", "nan"],
    ["CDELT1", "-0,00028"],
    ["CDELT2", "1.0E"],
    ["CROTA1", "'0:30'"],
    ["CROTA2", "'0:30'"],
    ["PC1_2", "NaN"],
    ["PC002001", "NaN"],
    ["PV1_1", "NaN"],
    ["PV2_3", "1,5"],
    ["LONPOLE", "NaN"],
    ["LATPOLE", "'+90:00'"],
    ["WCSAXES", "'two'"],
    ["EQUINOX", "'J2000,0'"],
    ["EQUINOX", "NaN"],
    ["EQUINOX", "T"],
    ["EPOCH", "'now'"],
  ])("an unreadable card is refused: %s = %s", (keyword, field) => {
    expect(refusal({ [keyword]: field })).toBe(`WCS_INVALID: ${keyword} = ${field} cannot be read`);
  });

  it.each([
    ["CD1_2", "NaN", CD],
    ["CD2_1", "'0,0'", CD],
    ["CDELT1", "NaN", CD],
    ["A_2_0", "NaN", SIP],
    ["B_0_2", "1.0E-2,0", SIP],
    ["AP_1_0", "NaN", SIP],
    ["BP_ORDER", "'two'", SIP],
    ["A_ORDER", "NaN", SIP],
  ])("an unreadable card is refused even if unused: %s = %s", (keyword, field, others) => {
    expect(refusal({ ...others, [keyword]: field })).toBe(
      `WCS_INVALID: ${keyword} = ${field} cannot be read`,
    );
  });

  it.each([
    ["A_ORDER", "2.5", "is not a non-negative integer"],
    ["WCSAXES", "-2", "is not a non-negative integer"],
    ["CTYPE1", "5", "is not a string"],
    ["CUNIT1", "1.5", "is not a string"],
    ["RADESYS", "2000", "is not a string"],
    ["RADECSYS", "F", "is not a string"],
    ["CQDIS1", "1", "is not a string"],
    ["CPDIS1", "T", "is not a string"],
  ])("a card of the wrong type is refused: %s = %s", (keyword, field, why) => {
    expect(refusal({ ...SIP, [keyword]: field })).toBe(`WCS_INVALID: ${keyword} = ${field} ${why}`);
  });

  it.each(["CRVAL1", "CRPIX2", "CDELT1", "LONPOLE", "EQUINOX", "RADESYS", "CUNIT1", "PV2_1", "A_ORDER"])(
    "a card without a value is refused: %s",
    (keyword) => {
      expect(refusal({ [keyword]: "/ not known" })).toBe(`WCS_INVALID: ${keyword} has no value`);
    },
  );

  it("a card without value indicator is refused, as is an unreadable repetition", () => {
    const { CRPIX2: _, ...rest } = TAN;
    const header = headerOf({ ...rest, "CRPIX2 ": "24.0" });
    expect(() => wcsFromHeader(header)).toThrow("CRPIX2 = 24.0 cannot be read");
    const repeated = parseHeader(
      headerBlock(...Object.entries(TAN).map(([k, v]) => `${k.padEnd(8)}= ${v}`), "CRVAL1  = 'unknown'"),
    );
    expect(() => wcsFromHeader(repeated)).toThrow("CRVAL1 = 'unknown' cannot be read");
  });

  it.each([
    [{ CPDIS1: "'LOOKUP'", DP1: "'EXTVER: one'" }, "DP1 = 'EXTVER: one' cannot be read"],
    [{ CQDIS1: "'TPD'", DQ1: "'TPD.FWD.1: 1,0'" }, "DQ1 = 'TPD.FWD.1: 1,0' cannot be read"],
    [{ CTYPE1: "'RA---TNX'", CTYPE2: "'DEC--TNX'", WAT1_001: "5" }, "WAT1_001 = 5 is not a string"],
  ])("an unreadable card of a distortion is refused: %o", (fields, message) => {
    expect(refusal(fields as Record<string, string>)).toBe(`WCS_INVALID: ${message}`);
  });

  it.each([
    ["lngcor", "'wtype=tnx lngcor = \"3. 1. 1. 0. 0. 1. 0. 1. NaN\"'"],
    ["lngcor", "'wtype=tnx lngcor = \"3. 1. 1. 0. 0. 1. 0. 1. 0x1\"'"],
  ])("unreadable TNX coefficients are refused: %s: %s", (name, field) => {
    expect(refusal({ CTYPE1: "'RA---TNX'", CTYPE2: "'DEC--TNX'", WAT1_001: field })).toBe(
      `WCS_INVALID: The correction ${name} of WATi_nnn cannot be read.`,
    );
  });

  it("unreadable cards count only in the alternate system that was requested", () => {
    const alternate = Object.fromEntries(
      Object.entries(TAN).map(([keyword, field]) => [`${keyword}A`, field]),
    );
    expect(refusal({ ...alternate, CRVAL1A: "NaN" }, "A")).toBe("WCS_INVALID: CRVAL1A = NaN cannot be read");
    expect(refusal({ ...alternate, CRVAL1A: "NaN" })).toBe("none");
    expect(refusal({ CRVAL3: "NaN", CD3_3: "NaN", PV3_1: "NaN" })).toBe("none");
  });

  it("an unreadable card of a plate solution is refused", () => {
    const plate = Object.fromEntries(
      [
        ...["PLTRAH", "PLTRAM", "PLTRAS", "PLTDECD", "PLTDECM", "PLTDECS", "PPO3", "PPO6"],
        ...["CNPIX1", "CNPIX2", "XPIXELSZ", "YPIXELSZ", "AMDX1", "AMDY1"],
      ].map((keyword) => [keyword, "1.0"]),
    );
    const read = (fields: Record<string, string>) => () => wcsFromHeader(headerOf({ ...plate, ...fields }));
    expect(read({})().distortion).toBe("DSS");
    expect(read({ PLTRAH: "'10:00'" })).toThrow("PLTRAH = '10:00' cannot be read");
    expect(read({ AMDX4: "NaN" })).toThrow("AMDX4 = NaN cannot be read");
    expect(read({ PLTDECSN: "'south'" })).toThrow("PLTDECSN = 'south' cannot be read");
    expect(hasCelestialWcs(headerOf({ XPIXELSZ: "'N/A'" }))).toBe(false);
  });
});

describe("unusual but readable WCS cards", () => {
  it("quoted numbers (as in cfitsio), d exponents, and J or B before an equinox are read", () => {
    const header = headerOf({ ...TAN, CRVAL1: "' 1.5d2 '", CRPIX1: "'32'", EQUINOX: "'B1950.0'" });
    const wcs = wcsFromHeader(header);
    expect(wcs.frame).toMatchObject({ system: "FK4", equinox: 1950 });
    const { lon, lat } = pixelToWorld(wcs, 31, 23)!;
    expect([lon, lat].map((value) => value.toFixed(9))).toEqual(["150.000000000", "30.000000000"]);
  });

  it("a header without CDELT, CD or PC is read with a warning that one unit per pixel is assumed", () => {
    const { CDELT1: _, CDELT2: __, ...rest } = TAN;
    expect(wcsFromHeader(headerOf(TAN)).warnings).toEqual([]);
    const message = (names: string) =>
      `The header gives no pixel scale (${names}, or a CD or PC matrix): one unit per pixel is assumed.`;
    expect(wcsFromHeader(headerOf(rest)).warnings).toEqual([
      { code: "SCALE_MISSING", message: message("CDELT1 and CDELT2") },
    ]);
    expect(wcsFromHeader(headerOf({ ...rest, CDELT1: "-0.1" })).warnings).toEqual([
      { code: "SCALE_MISSING", message: message("CDELT2") },
    ]);
    expect(wcsFromHeader(headerOf({ ...rest, PC1_1: "-0.1", PC2_2: "0.1" })).warnings).toEqual([]);
  });
});

describe("WCS values with millions of digits", () => {
  /** A string card with `text`, continued over as many cards as needed (FITS 4.0, 4.2.1.2). */
  const continued = (keyword: string, text: string) => {
    const pieces = text.match(/.{1,67}/g)!;
    return pieces.map(
      (piece, i) =>
        `${i === 0 ? `${keyword.padEnd(8)}= ` : "CONTINUE  "}'${piece}${i === pieces.length - 1 ? "" : "&"}'`,
    );
  };
  const digits = "1".repeat(2_000_000);
  const lines = Object.entries(TAN)
    .filter(([keyword]) => keyword !== "CRVAL1")
    .map(([k, v]) => `${k.padEnd(8)}= ${v}`);

  it.each(["x", ".e"])("two million digits and '%s' are refused as a number", (end) => {
    const header = parseHeader(headerBlock(...lines, ...continued("CRVAL1", digits + end)));
    expect(header.index.get("CRVAL1")?.value).toBe(digits + end);
    expect(() => wcsFromHeader(header)).toThrow(`CRVAL1 = '${"1".repeat(80)}...' cannot be read`);
  });

  it.each([
    ["EQUINOX", "J2000."],
    ["RADESYS", "FK5/J2000."],
    ["CTYPE1", "RA---TAN-"],
    ["DQ1", "TPD.FWD."],
  ])("two million digits in the text of %s are handled in linear time", (keyword, start) => {
    const others = lines.filter((line) => !line.startsWith(keyword));
    const kind = keyword === "DQ1" ? ["CQDIS1  = 'TPD'"] : [];
    const long = continued(keyword, `${start}${"1".repeat(200_000)}.`);
    const header = parseHeader(headerBlock(...long, ...kind, ...others, "CRVAL1  = 150.0"));
    // another system, an unknown distortion or a card that cannot be read, but never an endless
    // match
    try {
      expect(wcsFromHeader(header).frame.system).toBe("OTHER");
    } catch (error) {
      expect(isSisError(error, "WCS_INVALID", "WCS_UNSUPPORTED")).toBe(true);
    }
  });
});
