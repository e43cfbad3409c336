import { footprintCentre, type SkyCorners, simpleCorners } from "@sbnsis/wcs/internal";
import { sql } from "kysely";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import { cornersOfText } from "../model/rows.ts";
import { type MocLibrary, mocLibrary, type SkyMoc } from "./moc-library.ts";

/** The migration that added the table. */
const SINCE = 8;
/** Order of the cells, 3.4 arcminutes wide. */
const COVERAGE_ORDER = 10;
/** Name of the coverage of all surveys. */
const ALL_SURVEYS = "all";

/** Images read at once. */
const BATCH = 1000;
/** Square degrees of the sky in one percent. */
const DEGREES_OF_PERCENT = (360 * 360) / Math.PI / 100;

interface PlacedImage {
  readonly id: number;
  readonly survey: string;
  readonly corners: string;
}

/** The coverage of one survey while it grows. */
class GrowingCoverage {
  readonly #library: MocLibrary;
  #moc: SkyMoc | undefined;
  /** Fields of the survey that are in it, rounded to an arcsecond. */
  readonly #fields = new Set<string>();
  #waiting: SkyMoc[] = [];

  constructor(library: MocLibrary, known: Uint8Array | undefined) {
    this.#library = library;
    this.#moc = known && library.fromFits(known);
  }

  add(corners: SkyCorners): void {
    const field = corners.map(([ra, dec]) => `${Math.round(ra * 3600)},${Math.round(dec * 3600)}`).join();
    if (this.#fields.has(field)) return;
    this.#fields.add(field);
    this.#waiting.push(footprintMoc(this.#library, corners));
  }

  /** Adds what is waiting, in pairs, so that the large coverage is joined only once. */
  finish(): void {
    let level = this.#waiting;
    this.#waiting = [];
    while (level.length > 1) {
      const joined: SkyMoc[] = [];
      for (let i = 0; i < level.length; i += 2) joined.push(union(level[i]!, level[i + 1]));
      level = joined;
    }
    const [all] = level;
    if (all !== undefined) this.#moc = union(all, this.#moc);
  }

  get moc(): SkyMoc | undefined {
    return this.#moc;
  }
}

/** The union of two coverages; their memory is released. */
function union(a: SkyMoc, b: SkyMoc | undefined): SkyMoc {
  if (b === undefined) return a;
  const joined = a.or(b);
  a.free();
  b.free();
  return joined;
}

/** All cells that a footprint touches. */
function footprintMoc(library: MocLibrary, corners: SkyCorners): SkyMoc {
  try {
    return library.fromPolygon(COVERAGE_ORDER, Float64Array.from(simpleCorners(corners).flat()), false);
  } catch (error) {
    // corners that do not form a polygon: the circle around them misses nothing
    const circle = footprintCentre(corners);
    if (circle === undefined) throw error;
    return library.fromCone(COVERAGE_ORDER, circle.ra, circle.dec, circle.diameter / 2);
  }
}

interface CoverageState {
  /** Largest id of an image whose footprint has been added. */
  readonly upto: number;
  readonly footprints: number;
  readonly known: ReadonlyMap<string, Uint8Array>;
}

const NOTHING: CoverageState = { upto: 0, footprints: 0, known: new Map() };

/** The stored coverage, if it is still that of the images with these ids. */
async function storedState({ engine, kysely }: CatalogDatabase): Promise<CoverageState> {
  const rows = await available(engine, kysely.selectFrom("image_coverage").selectAll().execute());
  const all = rows.find(({ survey }) => survey === ALL_SURVEYS);
  if (all === undefined) return NOTHING;
  const [upto, footprints] = [Number(all.upto), Number(all.footprints)];
  const { rows: counted } = await available(
    engine,
    sql<{ n: number }>`select count(*) as n from image_detail
      where corners is not null and survey is not null and image_id <= ${upto}`.execute(kysely),
  );
  if (Number(counted[0]?.n) !== footprints) return NOTHING;
  const known = rows.map(({ survey, moc }) => [survey, Buffer.from(moc, "base64")] as const);
  return { upto, footprints, known: new Map(known) };
}

async function store(
  { engine, kysely }: CatalogDatabase,
  mocs: ReadonlyMap<string, SkyMoc>,
  { upto, footprints }: Pick<CoverageState, "upto" | "footprints">,
): Promise<void> {
  const rows = [...mocs].map(([survey, moc]) => ({
    survey,
    moc_order: COVERAGE_ORDER,
    area: moc.coveragePercentage() * DEGREES_OF_PERCENT,
    footprints,
    upto,
    moc: Buffer.from(moc.toFits()).toString("base64"),
  }));
  const writing = kysely.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("image_coverage").execute();
    if (rows.length > 0) await transaction.insertInto("image_coverage").values(rows).execute();
  });
  await available(engine, writing);
}

/** The next images with a footprint. */
async function imagesAfter({ engine, kysely }: CatalogDatabase, id: number): Promise<readonly PlacedImage[]> {
  const query = sql<PlacedImage>`select image_id as id, survey, corners from image_detail
    where image_id > ${id} and corners is not null and survey is not null
    order by image_id limit ${BATCH}`;
  return (await available(engine, query.execute(kysely))).rows;
}

/**
 * Updates the coverage of each survey: adds the footprints of new images, or recomputes it from all
 * of them after images were deleted, or if `rebuild`, because corners have changed. Two processes
 * may do so at once: the next call adds what one of them has missed.
 * Errors: CATALOG_UNAVAILABLE.
 */
export async function updateCoverage(
  database: CatalogDatabase,
  version: number,
  rebuild: boolean,
): Promise<void> {
  if (version < SINCE) return;
  const state = rebuild ? NOTHING : await storedState(database);
  let { upto, footprints } = state;
  let rows = await imagesAfter(database, upto);
  const isStale = rows.length > 0 || state === NOTHING;
  if (!isStale) return;
  // without images, an outdated coverage is removed
  const library = rows.length === 0 ? undefined : await mocLibrary();
  const surveys = new Map<string, GrowingCoverage>();
  for (; library !== undefined && rows.length > 0; rows = await imagesAfter(database, upto)) {
    for (const { survey, corners } of rows) {
      const coverage = surveys.get(survey) ?? new GrowingCoverage(library, state.known.get(survey));
      surveys.set(survey, coverage);
      coverage.add(cornersOfText(corners)!);
    }
    footprints += rows.length;
    upto = Number(rows.at(-1)!.id);
    for (const coverage of surveys.values()) coverage.finish();
  }
  for (const [survey, known] of state.known)
    if (library !== undefined && !surveys.has(survey))
      surveys.set(survey, new GrowingCoverage(library, known));
  const mocs = new Map<string, SkyMoc>();
  for (const [survey, { moc }] of surveys)
    if (moc !== undefined && survey !== ALL_SURVEYS) mocs.set(survey, moc);
  const all = [...mocs.values()].reduce<SkyMoc | undefined>(
    (sum, moc) => (sum ? sum.or(moc) : moc),
    undefined,
  );
  if (all !== undefined) mocs.set(ALL_SURVEYS, all);
  await store(database, mocs, { upto, footprints });
  for (const moc of new Set(mocs.values())) moc.free();
}
