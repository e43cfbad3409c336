import type { ByteSource } from "@sbnsis/fits";
import { type SourceIdentity, sameState, sourceChanged } from "../../archive/source-identity.ts";
import type { Sources, SourceUse } from "../../archive/sources.ts";

/** A file that products are made from, in one state of it. Plain data. */
export interface SourceFile {
  /** Absolute path of a local file, or the URL of one on an archive; never shown to clients. */
  readonly location: string;
  readonly identity: SourceIdentity;
}

/**
 * Opens a file for `work`, makes sure that it stays in one state (`use.identity`, if given) until
 * the end, and closes it. Reads end when `use.signal` is aborted.
 * Errors: SOURCE_CHANGED if it does not, so that nothing is ever made from two states; SOURCE_*,
 * those of `work`.
 *
 * @param location absolute path or URL
 */
export async function withSource<T>(
  sources: Sources,
  location: string,
  use: SourceUse,
  work: (source: ByteSource, identity: SourceIdentity) => Promise<T>,
): Promise<T> {
  const source = await sources.open(location, use);
  const { signal } = use;
  const bytes: ByteSource =
    signal === undefined
      ? source
      : {
          size: () => source.size({ signal }),
          read: (ranges, options) => source.read(ranges, { ...options, signal }),
        };
  try {
    const result = await work(bytes, source.identity);
    if (!sameState(source.identity, source.current())) throw sourceChanged("it was written to");
    return result;
  } finally {
    source.close();
  }
}
