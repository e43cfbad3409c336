import type { Job } from "../../../jobs/job.ts";
import type { BatchJob } from "../../../moving-objects/batch-handler.ts";
import type { ProductService } from "../../../products/product.ts";
import { type ListedRow, listedRequests } from "../listed-rows.ts";
import { manifestTable } from "../manifest/manifest-table.ts";
import { type PartOptions, productBytes } from "../product-part.ts";
import { framesPrimary, namedExtension } from "./frames-file.ts";

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
