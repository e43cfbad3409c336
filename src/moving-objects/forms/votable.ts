import { unreadable } from "../list-error.ts";
import type { ObjectList } from "../object-row.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { type FormOptions, PLAIN_RULES, TableRows } from "./build-row.ts";
import type { Cell } from "./cells.ts";
import { knownColumns, type ListColumn } from "./columns.ts";
import { readBinaryRows, type VotableField } from "./votable-binary.ts";
import { readXml } from "./xml-events.ts";

const START = { line: 1, column: 1 };

type Attributes = Readonly<Record<string, string>>;

/** Time scale and origin of a TIMESYS (VOTable 1.4, 3.4). */
interface TimeSystem {
  readonly scale: TimeScale;
  readonly origin: number | undefined;
  readonly place: string;
}

const SCALES: Readonly<Record<string, TimeScale>> = {
  UTC: "utc",
  TT: "tt",
  TDB: "tdb",
  TCB: "tdb",
  TAI: "tai",
};
const ORIGINS: ReadonlyMap<string, number> = new Map([
  ["MJD-origin", 2_400_000.5],
  ["JD-origin", 0],
]);

/** COOSYS systems whose right ascensions are ICRS to within 0.03 arcsec. */
const ICRS = new Set(["ICRS", "eq_FK5", "FK5"]);

/**
 * Places at which times are those of exposures (VOTable 1.4, 3.4): elsewhere light arrives up to
 * 500 s earlier or later, at the center of the Earth by at most 0.02 s.
 */
const OBSERVERS = new Set(["TOPOCENTER", "GEOCENTER", "UNKNOWN"]);

function timeSystem({ timescale = "UTC", timeorigin, refposition = "UNKNOWN" }: Attributes): TimeSystem {
  const scale = timescale === "TCB" ? undefined : SCALES[timescale.toUpperCase()];
  if (scale === undefined) {
    throw unreadable(`times are in ${timescale.slice(0, 20)}, which is not UTC, TT, TDB or TAI`, START);
  }
  const origin = timeorigin === undefined ? undefined : (ORIGINS.get(timeorigin) ?? Number(timeorigin));
  if (origin !== undefined && !Number.isFinite(origin)) {
    throw unreadable(`the time origin ${timeorigin?.slice(0, 20)} is not a number`, START);
  }
  return { scale, origin, place: refposition.toUpperCase() };
}

/** The first table with fields, as it is parsed. */
class TableParser {
  readonly fields: VotableField[] = [];
  readonly columns: ListColumn[] = [];
  table: TableRows | undefined;
  isDone = false;
  readonly #options: FormOptions;
  readonly #times = new Map<string, TimeSystem>();
  readonly #skies = new Map<string, string>();
  #cells: Cell[] | undefined;
  #binary: "BINARY" | "BINARY2" | undefined;
  target: string | null = null;

  constructor(options: FormOptions) {
    this.#options = options;
  }

  open(name: string, attributes: Attributes): void {
    if (this.isDone) return;
    const { ID } = attributes;
    if (name === "TIMESYS" && ID !== undefined) this.#times.set(ID, timeSystem(attributes));
    if (name === "COOSYS" && ID !== undefined) this.#skies.set(ID, attributes.system ?? "ICRS");
    if (name === "FIELD") this.#field(attributes);
    if (name === "VALUES" && attributes.null !== undefined) this.fields.at(-1)!.nullText = attributes.null;
    if (name === "TABLEDATA" || name === "BINARY" || name === "BINARY2") {
      this.table = new TableRows(
        this.columns,
        { ...PLAIN_RULES, uncTheta: this.#options.uncTheta },
        this.#options,
      );
      if (name !== "TABLEDATA") this.#binary = name;
    }
    if (name === "FITS" || name === "PARQUET")
      throw unreadable(`${name} in a VOTable is not supported`, START);
    if (name === "STREAM" && attributes.href !== undefined) {
      throw unreadable("the rows are in another file, to which STREAM links", START);
    }
    if (name === "STREAM" && this.#binary !== undefined && attributes.encoding !== "base64") {
      throw unreadable("the encoding of STREAM is not base64", START);
    }
    if (name === "TR") this.#cells = [];
  }

  close(name: string, text: string): void {
    if (this.isDone) return;
    if (name === "TD") this.#cells?.push(this.#cellOf(text));
    if (name === "TR") this.#row();
    if (name === "STREAM" && this.#binary !== undefined) {
      for (const cells of readBinaryRows(text, this.fields, this.#binary === "BINARY2"))
        this.table?.add(cells);
    }
    if (name === "TABLE" && this.table !== undefined) this.isDone = true;
  }

  #field(attributes: Attributes): void {
    const { name = attributes.ID ?? "", datatype = "char", arraysize = "", unit, ref } = attributes;
    const time = ref === undefined ? undefined : this.#times.get(ref);
    const isUsed = knownColumns([{ name }]).known.length > 0;
    if (time !== undefined && isUsed && !OBSERVERS.has(time.place)) {
      const place = time.place.slice(0, 20);
      throw unreadable(`the times of ${name.slice(0, 20)} are at ${place}, not at the observatory`, START);
    }
    const sky = ref === undefined ? undefined : this.#skies.get(ref);
    if (sky !== undefined && !ICRS.has(sky)) {
      throw unreadable(`the positions are in ${sky.slice(0, 20)}, not in ICRS`, START);
    }
    this.fields.push({ name, datatype, arraysize, nullText: undefined });
    this.columns.push({
      name,
      ...(unit !== undefined && { unit }),
      ...(time !== undefined && { scale: time.scale }),
      ...(time?.origin !== undefined && { origin: time.origin, unit: unit ?? "d" }),
    });
  }

  #cellOf(text: string): Cell {
    const field = this.fields[this.#cells?.length ?? 0];
    return field?.nullText !== undefined && text.trim() === field.nullText ? null : text;
  }

  #row(): void {
    const cells = this.#cells ?? [];
    this.#cells = undefined;
    if (cells.length === this.fields.length) this.table?.add(cells);
    else {
      const counts = `The row has ${cells.length} cells, but there are ${this.fields.length} fields.`;
      this.table?.addInvalid(cells, counts);
    }
  }
}

/**
 * A VOTable (IVOA, 1.1 to 1.5): its first table, in TABLEDATA, BINARY or BINARY2. Units, nulls, and
 * the TIMESYS and COOSYS of fields are honoured.
 * Errors: LIST_UNREADABLE, also for positions that are not ICRS; LIST_TOO_LARGE.
 */
export function readVotable(text: string, options: FormOptions): ObjectList {
  const parser = new TableParser(options);
  readXml(text, parser);
  const { table } = parser;
  if (table === undefined) throw unreadable("there is no table with rows", START);
  return table.list("votable");
}
