import type { SourceIdentity } from "../../archive/source-identity.ts";
import { RevalidatingCache } from "../cache/revalidating-cache.ts";
import { descriptionBytes, type FrameDescription } from "../frame-description.ts";

/** Memory for descriptions in bytes: enough for several hundred full-size frames. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** The frame to describe. */
export interface FrameToDescribe {
  /** Absolute path or URL. */
  readonly location: string;
  /** The state of a local file; that of an archive's file is known once it was described. */
  readonly identity?: SourceIdentity;
  readonly preferredHdu: number;
}

/** Describes a frame; returns undefined if it is still in the state `known`. */
export type DescribeFrame = (
  known: SourceIdentity | undefined,
  signal: AbortSignal,
) => Promise<FrameDescription | undefined>;

/**
 * Caches descriptions of frames, and reads each frame once: those of local files by their state,
 * those of archives' files for `revalidateMs` (see RevalidatingCache).
 */
export class FrameCache {
  readonly #frames: RevalidatingCache<FrameDescription>;

  constructor(revalidateMs: number) {
    this.#frames = new RevalidatingCache(revalidateMs, { bytes: CACHE_BYTES, sizeOf: descriptionBytes });
  }

  /** The description of a file's image, created with `describe` if it is not cached. */
  get(
    frame: FrameToDescribe,
    describe: DescribeFrame,
    signal: AbortSignal | undefined,
  ): Promise<FrameDescription> {
    return this.#frames.get(
      keyOf(frame),
      async (known, all) => {
        const found = await describe(known?.source.identity, all);
        // without a known state, there is nothing that could be unchanged
        return (found ?? known) as FrameDescription;
      },
      signal,
      frame.identity === undefined ? undefined : Infinity,
    );
  }

  /** Forgets a file that turned out to have changed. */
  forget(frame: FrameToDescribe): void {
    this.#frames.forget(keyOf(frame));
  }
}

function keyOf({ location, identity, preferredHdu }: FrameToDescribe): string {
  return JSON.stringify([location, identity ?? null, preferredHdu]);
}
