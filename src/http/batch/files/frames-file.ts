import { type Card, headerBytes, headerInteger, parseHeader, valueCard } from "@sbnsis/fits";
import type { Job } from "../../../jobs/job.ts";
import type { BatchJob } from "../../../moving-objects/batch-handler.ts";
import type { ProductService } from "../../../products/product.ts";
import { type ListedRow, listedRequests } from "../batch-rows.ts";
import { manifestTable } from "../manifest/manifest-table.ts";
import { type PartOptions, productBytes } from "../product-part.ts";

const BLOCK = 2880;
const CARD = 80;

/** Keywords of a packed cutout that are not valid once it is one of several extensions. */
const REPLACED = new Set(["EXTNAME", "CHECKSUM", "DATASUM", "END"]);

/** The primary HDU of a file of extensions: no data. */
function framesPrimary(id: string, target: string | null): Uint8Array {
  return headerBytes([
    valueCard("SIMPLE", true),
    valueCard("BITPIX", 8),
    valueCard("NAXIS", 0),
    valueCard("EXTEND", true),
    valueCard("BATCH", id, "identifier of the batch"),
    ...(target === null ? [] : [valueCard("OBJECT", target)]),
  ]);
}

/** Bytes of the header that begins at `at`: blocks up to the one with the END card. */
function headerLength(file: Uint8Array, at: number): number {
  for (let card = at; card + CARD <= file.length; card += CARD) {
    if (Buffer.from(file.buffer, file.byteOffset + card, 8).toString("latin1") === "END     ")
      return Math.ceil((card + CARD - at) / BLOCK) * BLOCK;
  }
  throw new RangeError("a packed cutout has no END card");
}

/**
 * The extension of a packed cutout (an empty primary HDU and a tile-compressed image), with
 * another EXTNAME. Its data are as in the cutout, byte for byte.
 */
function namedExtension(packed: Uint8Array, name: string, rowNumber: number): readonly Uint8Array[] {
  const start = headerLength(packed, 0);
  const length = headerLength(packed, start);
  const header = parseHeader(packed.subarray(start, start + length));
  const cards: Card[] = header.cards.filter(({ keyword }) => !REPLACED.has(keyword));
  // those that describe the table come first (FITS 4.0, 7.3.1)
  const fields = cards.findIndex(({ keyword }) => keyword === "TFIELDS") + 1;
  const named = [valueCard("EXTNAME", name), valueCard("EXTVER", rowNumber, "row of the list")];
  const width = headerInteger(header, "NAXIS1") ?? 0;
  const rows = headerInteger(header, "NAXIS2") ?? 0;
  const heap = headerInteger(header, "PCOUNT") ?? 0;
  const data = Math.ceil((width * rows + heap) / BLOCK) * BLOCK;
  return [
    headerBytes([...cards.slice(0, fields), ...named, ...cards.slice(fields)]),
    packed.subarray(start + length, start + length + data),
  ];
}

/**
 * One FITS file with the cutouts of a batch: each row that was made is an extension, named `ROW n`,
 * compressed in tiles and with a minimal header; the last one is a table with the manifest of all
 * rows. Errors: those of making a cutout.
 */
export async function* batchFrames(
  job: Job,
  rows: readonly ListedRow[],
  products: ProductService,
  baseUrl: string,
  options: PartOptions,
): AsyncGenerator<Uint8Array> {
  const { target } = job.request as unknown as BatchJob;
  yield framesPrimary(job.id, target);
  for (const listed of rows) {
    const { row } = listed;
    const [made] = listedRequests(listed, job, { formats: ["fits"] });
    if (made === undefined || row.status === "failed" || row.status === "skipped") continue;
    const request = { ...made.request, fits: { pack: "rice", header: "minimal" } } as const;
    const packed = await productBytes(await products.get(request, options));
    yield* namedExtension(packed, `ROW ${row.n}`, row.n);
  }
  yield manifestTable(
    rows.map(({ row }) => row),
    baseUrl,
  );
}
