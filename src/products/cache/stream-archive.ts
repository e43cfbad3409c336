import type { Sources } from "../../archive/sources.ts";
import type { ReadPart } from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";

/** Bytes per request to the archive. */
const CHUNK_BYTES = 4 * 2 ** 20;

/**
 * Reads a file of an archive for a client, in one state of it, at the client's speed. Errors while
 * reading: SOURCE_*.
 */
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
