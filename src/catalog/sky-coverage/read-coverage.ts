import { sql } from "kysely";
import { SisError } from "../../errors/sis-error.ts";
import { surveyName } from "../derived-values.ts";
import { available, type CatalogDatabase } from "../engines/engine.ts";
import type { Combination } from "../paging/combinations.ts";
import { mocLibrary } from "./moc-library.ts";
import type { SurveyCoverage, WantedCoverage } from "./survey-coverage.ts";

/** The migration that added the table. */
const SINCE = 8;

/** Errors: CATALOG_SCHEMA. */
function refuseOldSchema(version: number): void {
  if (version < SINCE)
    throw new SisError("CATALOG_SCHEMA", "the coverage of surveys needs sbnsis migrate to be run");
}

/**
 * The coverages, without that of all surveys, by name. Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function listCoverages(
  { engine, kysely }: CatalogDatabase,
  version: number,
  combinations: readonly Combination[],
): Promise<readonly SurveyCoverage[]> {
  refuseOldSchema(version);
  const rows = await available(
    engine,
    sql<{ survey: string; moc_order: number; area: number }>`select survey, moc_order, area
      from image_coverage where survey <> 'all' order by survey`.execute(kysely),
  );
  const images = new Map<string, number>();
  for (const { collection, count } of combinations) {
    const name = surveyName({ obsId: `${collection}:`, collection });
    images.set(name, (images.get(name) ?? 0) + count);
  }
  return rows.rows.map(({ survey: name, moc_order, area }) => ({
    name,
    images: images.get(name) ?? 0,
    order: Number(moc_order),
    area,
  }));
}

/**
 * The coverage of a survey, or of `all`, in a form; undefined if there is none.
 *
 * @param order at most this order of cells; defaults to that of the stored coverage
 * Errors: CATALOG_SCHEMA, CATALOG_UNAVAILABLE.
 */
export async function readSurveyCoverage(
  { engine, kysely }: CatalogDatabase,
  version: number,
  { name, form, order }: WantedCoverage,
): Promise<Uint8Array | undefined> {
  refuseOldSchema(version);
  const query = kysely.selectFrom("image_coverage").select(["moc", "moc_order"]).where("survey", "=", name);
  const row = await available(engine, query.executeTakeFirst());
  if (row === undefined) return undefined;
  const fits = Buffer.from(row.moc, "base64");
  const isCoarser = order !== undefined && order < Number(row.moc_order);
  if (form === "fits" && !isCoarser) return fits;
  const stored = (await mocLibrary()).fromFits(fits);
  const moc = isCoarser ? stored.degrade(order) : stored;
  try {
    if (form === "fits") return moc.toFits();
    return Buffer.from(form === "ascii" ? moc.toAscii() : moc.toJson());
  } finally {
    moc.free();
    if (moc !== stored) stored.free();
  }
}
