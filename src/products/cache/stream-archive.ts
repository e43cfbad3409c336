import type { Sources } from "../../archive/sources.ts";
import type { ReadPart } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";

/** Bytes that one request to the archive brings. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** Reads an archive's file for a client, in one state of it, as fast as the client takes it. Errors of reading: SOURCE_*. */
export function streamArchive(sources: Sources, { location, identity }: SourceFile): ReadPart {
  return async function* (first, last) {
    const source = await sources.open(location, { identity, asStored: true });
    try {
      for (let offset = first; offset <= last; offset += CHUNK_BYTES) {
        const length = Math.min(CHUNK_BYTES, last + 1 - offset);
        yield* await source.read([{ offset, length }]);
      }
    } finally {
      source.close();
    }
  };
}
