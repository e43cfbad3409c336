import { unreadableCard, WcsError } from "../errors.ts";
import { type Keywords, plainNumber, plainText } from "../header/keywords.ts";
import { type PlaneMap, polynomial } from "../transform/plane-map.ts";
import { planeMap } from "../transform/unfolded-radius.ts";

/**
 * The plate solution of a Digitized Sky Survey image: a tangent plane at the plate center with
 * polynomials on it.
 */
export interface PlateSolution {
  /** Right ascension and declination of the plate center, degrees. */
  readonly crval: readonly [number, number];
  readonly crpix: readonly [number, number];
  /** Degrees per pixel, without the higher terms of the polynomials. */
  readonly cd: readonly [number, number, number, number];
  readonly plane: PlaneMap;
}

const ARCSEC = 1 / 3600;

const REQUIRED = [
  ...["PLTRAH", "PLTRAM", "PLTRAS", "PLTDECD", "PLTDECM", "PLTDECS", "XPIXELSZ", "YPIXELSZ"],
  ...["PPO3", "PPO6", "CNPIX1", "CNPIX2", "AMDX1", "AMDY1"],
];

/**
 * The plate solution of a header; undefined unless it is complete (PLTRAH .. PLTDECS, XPIXELSZ,
 * YPIXELSZ, PPO3, PPO6, CNPIX1, CNPIX2, AMDX1, AMDY1).
 * Errors: WCS_INVALID when all of these are present and one of them, or a coefficient, cannot be
 * read.
 * Pixel sizes are in micrometres, the polynomials in millimetres and arcsec. Guide Star Catalog,
 * Lasker et al. 1990, and the DSS handbook.
 */
export function plateSolution(keywords: Keywords): PlateSolution | undefined {
  if (keywords.alternate !== "" || !REQUIRED.every((keyword) => keywords.header.index.has(keyword)))
    return undefined;
  const number = (keyword: string) => plainNumber(keywords, keyword)!;
  const [sx, sy] = [number("XPIXELSZ") / 1000, number("YPIXELSZ") / 1000];
  const [ax, ay] = [number("AMDX1") * ARCSEC, number("AMDY1") * ARCSEC];
  const sign = signOf(keywords);
  const crval = [
    15 * (number("PLTRAH") + number("PLTRAM") / 60 + number("PLTRAS") / 3600),
    sign * (number("PLTDECD") + number("PLTDECM") / 60 + number("PLTDECS") / 3600),
  ] as const;
  const crpix = [
    number("PPO3") / 1000 / sx - number("CNPIX1") + 0.5,
    number("PPO6") / 1000 / sy - number("CNPIX2") + 0.5,
  ] as const;
  if (![...crpix, 1 / ax, 1 / ay].every(Number.isFinite))
    throw new WcsError("WCS_INVALID", "XPIXELSZ, YPIXELSZ, AMDX1 and AMDY1 of a plate solution cannot be 0.");
  const coefficient = (name: string) => (m: number) => (plainNumber(keywords, `${name}${m}`) ?? 0) * ARCSEC;
  return {
    crval,
    crpix,
    cd: [-sx * ax, 0, 0, sy * ay],
    plane: planeMap({
      degree: 5,
      x: polynomial(5, plateTerms(coefficient("AMDX"))),
      y: polynomial(
        5,
        plateTerms(coefficient("AMDY")).map(([i, j, c]) => [j, i, c] as const),
      ),
      radialX: [],
      radialY: [],
      origin: [0, 0],
      scale: [1 / ax, 1 / ay],
      tolerance: 1e-13,
    }),
  };
}

/** PLTDECSN: `+` or `-`; defaults to `+`. */
function signOf({ header }: Keywords): 1 | -1 {
  const sign = plainText(header, "PLTDECSN");
  if (sign === undefined || sign === "+") return 1;
  if (sign === "-") return -1;
  throw unreadableCard(header.index.get("PLTDECSN")!);
}

/** Terms in the axis' own coordinate (first power) and the other one. */
function plateTerms(c: (m: number) => number): [number, number, number][] {
  return [
    [1, 0, c(1)],
    [0, 1, c(2)],
    [0, 0, c(3)],
    [2, 0, c(4) + c(7)],
    [1, 1, c(5)],
    [0, 2, c(6) + c(7)],
    [3, 0, c(8) + c(12)],
    [2, 1, c(9)],
    [1, 2, c(10) + c(12)],
    [0, 3, c(11)],
    [5, 0, c(13)],
    [3, 2, 2 * c(13)],
    [1, 4, c(13)],
  ];
}
