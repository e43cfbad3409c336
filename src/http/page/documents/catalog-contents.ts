import { surveyProfile } from "@sbnsis/pds4";
import type { Catalog, ImageRecord, SummaryRow } from "../../../catalog/catalog.ts";

/** The contents of the catalog, for the start page. */
export interface CatalogContents {
  readonly rows: readonly SummaryRow[];
  readonly total: number;
  /** Images of different collections, to show. */
  readonly samples: readonly ImageRecord[];
}

/** Number of pictures on the start page. */
const SAMPLES = 3;

/**
 * Returns the contents of the catalog, which are read again only when its counts have changed. The
 * pictures are from the middle of the largest collections, those of known surveys first. Errors:
 * those of the catalog.
 */
export function contentsReader(catalog: Catalog): () => Promise<CatalogContents> {
  let last: CatalogContents | undefined;
  return async () => {
    const rows = await catalog.summarize();
    if (last?.rows === rows) return last;
    const contents = { rows, total: rows.reduce((sum, { count }) => sum + count, 0) };
    const samples = await samplesOf(catalog, rows);
    last = { ...contents, samples };
    return last;
  };
}

async function samplesOf(catalog: Catalog, rows: readonly SummaryRow[]): Promise<readonly ImageRecord[]> {
  const isOther = ({ collection }: SummaryRow) => Number(surveyProfile(`${collection}:`).name === "default");
  const byCount = rows.toSorted((a, b) => isOther(a) - isOther(b) || b.count - a.count);
  const isFirst = ({ collection }: SummaryRow, i: number) =>
    byCount.findIndex((row) => row.collection === collection) === i;
  const largest = byCount.filter(isFirst).slice(0, SAMPLES);
  const [first] = largest;
  if (first === undefined) return [];
  // fewer than three collections: several images of the largest one
  const places = Array.from({ length: SAMPLES }, (_, i) => {
    const row = largest[i] ?? first;
    const part = largest[i] === undefined ? i / SAMPLES : 0.5;
    return { row, offset: Math.floor(row.count * part) };
  });
  const pages = await Promise.all(
    places.map(({ row: { collection, facility, instrument }, offset }) =>
      catalog.queryImages({ collection, facility, instrument, offset, maxrec: 1 }),
    ),
  );
  const found = pages.flatMap(({ records }) => records);
  return found.filter(({ obsId }, i) => found.findIndex((other) => other.obsId === obsId) === i);
}
