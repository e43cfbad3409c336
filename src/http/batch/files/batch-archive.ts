import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Job } from "../../../jobs/job.ts";
import { rowFileName } from "../../../moving-objects/batch-row.ts";
import type { ProductService } from "../../../products/product.ts";
import { type ListedRow, listedRequests } from "../batch-rows.ts";
import { manifestCsv } from "../manifest/manifest.ts";
import { type PartOptions, productPart } from "../product-part.ts";
import type { ZipEntry } from "./zip-archive.ts";

const README = (job: Job) => `Cutouts of the SBN Survey Image Service, batch ${job.id}

manifest.csv   one line per row of the list: what was asked for, what was made, and why a row failed
NNNN_*.*       the products of row NNNN; the name ends with the middle of the exposure (UTC)

The files are those of GET /images with the address in the manifest. Positions are ICRS, degrees.
`;

/** What an archive is made from. */
export interface ArchiveParts {
  readonly products: ProductService;
  /** Beginning of all links. */
  readonly baseUrl: string;
}

/**
 * The files of an archive: those of the rows, in the order of the list, after those that explain
 * them.
 */
export function archiveEntries(
  job: Job,
  listed: readonly ListedRow[],
  { products, baseUrl }: ArchiveParts,
  options: PartOptions,
): readonly ZipEntry[] {
  const modifiedMs = job.ended ?? job.created;
  const files = listed.flatMap((one): readonly ZipEntry[] => {
    const requests = listedRequests(one, job);
    return one.row.products.flatMap(({ format, bytes: size, crc32, etag }): readonly ZipEntry[] => {
      const request = requests.find((made) => made.format === format)?.request;
      if (request === undefined) return [];
      const known = { request, size, etag };
      const read: ZipEntry["read"] = (first, last) => productPart(products, known, first, last, options);
      return [
        { name: rowFileName(one.row, format), size, crc32, modifiedMs: one.row.made ?? modifiedMs, read },
      ];
    });
  });
  const manifest = manifestCsv({ rows: listed.map(({ row }) => row), baseUrl });
  return [
    textEntry("README.txt", Buffer.from(README(job)), modifiedMs),
    textEntry("manifest.csv", Buffer.from(manifest), modifiedMs),
    ...files,
  ];
}

function textEntry(name: string, bytes: Buffer, modifiedMs: number): ZipEntry {
  const read: ZipEntry["read"] = async function* (first, last) {
    yield bytes.subarray(first, last + 1);
  };
  return { name, size: bytes.length, crc32: crc32(bytes), modifiedMs, read };
}

/** Changes whenever a byte of the archive does: its headers hold sizes, times and checksums. */
export function archiveTag(entries: readonly ZipEntry[]): string {
  const hash = createHash("sha256");
  for (const { name, size, crc32, modifiedMs } of entries)
    hash.update(`${name}\0${size} ${crc32} ${modifiedMs}\n`);
  return `"${hash.digest("hex").slice(0, 32)}"`;
}
