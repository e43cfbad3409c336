import type { SourceIdentity } from "../../archive/source-identity.ts";

/** A file that products are made from, in one state of it. Plain data. */
export interface SourceFile {
  /** Absolute path of a local file, or the URL of one on an archive; never shown to clients. */
  readonly location: string;
  readonly identity: SourceIdentity;
}
