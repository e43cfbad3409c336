import type { WcsWarning } from "../model/wcs.ts";

/** The equatorial system named by a header. */
export interface ReferenceSystem {
  readonly system: "ICRS" | "FK5" | "FK4" | "FK4-NO-E" | "OTHER";
  /** Equinox in years when the name includes one; otherwise undefined. */
  readonly equinox: number | undefined;
}

const STANDARD: readonly string[] = ["ICRS", "FK5", "FK4", "FK4-NO-E"];

/** The letter of each system's equinox: Besselian or Julian years. */
const EPOCH_LETTERS: Readonly<Record<string, string>> = { FK4: "B", "FK4-NO-E": "B", FK5: "J" };

/** Spellings of systems, without blanks and punctuation. */
const SPELLINGS: Readonly<Record<string, ReferenceSystem["system"]>> = {
  ICRS: "ICRS",
  ICRF: "ICRS",
  ICRF1: "ICRS",
  ICRF2: "ICRS",
  ICRF3: "ICRS",
  FK5: "FK5",
  FK4: "FK4",
  FK4NOE: "FK4-NO-E",
};

/**
 * Reads RADESYS (or RADECSYS). Accepts the values of FITS 4.0, 8.3, and, with a warning, other
 * spellings whose meaning is clear (`J2000`, `FK5/J2000`, `FK4 (B1950.0)`, `icrs`). A year alone
 * implies its catalogue: `J2000` is FK5, `B1950` is FK4.
 * Everything else, `GAPPT` included, is OTHER: its relation to ICRS is unknown.
 */
export function referenceSystem(written: string, warnings: WcsWarning[]): ReferenceSystem {
  const name = written.trim();
  if (STANDARD.includes(name)) return { system: name as ReferenceSystem["system"], equinox: undefined };
  const found = spelling(name);
  if (found.system === "OTHER") return found;
  const { system, equinox } = found;
  const year = equinox === undefined ? "" : `, equinox ${EPOCH_LETTERS[system] ?? "J"}${equinox}`;
  warnings.push({ code: "RADESYS_TRANSLATED", message: `RADESYS = '${name}' is read as ${system}${year}.` });
  return found;
}

const OTHER: ReferenceSystem = { system: "OTHER", equinox: undefined };

function spelling(name: string): ReferenceSystem {
  // 'FK5/J2000.0', 'FK5 (EQUINOX J2000)' -> letters and digits of the system, then of the year
  const plain = name.toUpperCase().replace(/EQUINOX|EQ\.|EPOCH/g, " ");
  const year = /(^|[^A-Z0-9])?([JB])?((?:18|19|20|21)\d\d)(\.\d*)?(?![\d.])/.exec(plain);
  const rest = (year === null ? plain : plain.replace(year[0], " ")).replace(/[^A-Z0-9]/g, "");
  if (year === null) {
    const system = SPELLINGS[rest];
    return system === undefined ? OTHER : { system, equinox: undefined };
  }
  const equinox = Number(`${year[3]}${year[4] ?? ""}`);
  const letter = year[2] ?? (equinox < 1984 ? "B" : "J");
  if (rest === "") return { system: letter === "B" ? "FK4" : "FK5", equinox };
  const system = SPELLINGS[rest];
  if (system === undefined || system === "OTHER") return OTHER;
  // ICRS has the axes of J2000 and no other equinox
  if (system === "ICRS") return letter === "J" && equinox === 2000 ? { system, equinox: undefined } : OTHER;
  return letter === EPOCH_LETTERS[system] ? { system, equinox } : OTHER;
}
