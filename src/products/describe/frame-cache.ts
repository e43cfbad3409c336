import { LRUCache } from "lru-cache";
import type { SourceIdentity } from "../../archive/source-identity.ts";
import { SingleFlight } from "../../concurrency/single-flight.ts";
import { isSisError } from "../../errors/sis-error.ts";
import { descriptionBytes, type FrameDescription } from "../frame-description.ts";

/** Memory for descriptions in bytes: enough for several hundred full-size frames. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** How long a description remains valid when the archive could not be asked, in milliseconds. */
const GRACE_MS = 30_000;

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

interface Kept {
  readonly frame: FrameDescription;
  /** Until when it is used without asking the archive again. */
  readonly goodUntil: number;
}

/**
 * Caches descriptions of frames, and reads each frame once: those of local files by their state,
 * those of archives' files for `revalidateMs`, after which the archive is asked again. If it cannot
 * be asked, the frame is assumed to be unchanged, so that existing products are still served.
 */
export class FrameCache {
  readonly #revalidateMs: number;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ frame }) => descriptionBytes(frame),
  });
  readonly #flights = new SingleFlight<FrameDescription>();

  constructor(revalidateMs: number) {
    this.#revalidateMs = revalidateMs;
  }

  /** The description of a file's image, created with `describe` if it is not cached. */
  async get(
    frame: FrameToDescribe,
    describe: DescribeFrame,
    signal: AbortSignal | undefined,
  ): Promise<FrameDescription> {
    const key = keyOf(frame);
    const kept = this.#kept.get(key);
    if (kept !== undefined && performance.now() < kept.goodUntil) return kept.frame;
    return this.#flights.run(key, (all) => this.#renew(key, frame, kept?.frame, describe, all), signal);
  }

  /** Forgets a file that turned out to have changed. */
  forget(frame: FrameToDescribe): void {
    this.#kept.delete(keyOf(frame));
  }

  async #renew(
    key: string,
    { identity }: FrameToDescribe,
    known: FrameDescription | undefined,
    describe: DescribeFrame,
    signal: AbortSignal,
  ): Promise<FrameDescription> {
    const keep = (frame: FrameDescription, forMs: number) => {
      this.#kept.set(key, { frame, goodUntil: performance.now() + forMs });
      return frame;
    };
    try {
      const found = (await describe(known?.source.identity, signal)) ?? known;
      // without a known state, there is nothing that could be unchanged
      return keep(found as FrameDescription, identity === undefined ? this.#revalidateMs : Infinity);
    } catch (error) {
      if (known !== undefined && isSisError(error, "SOURCE_UNREACHABLE", "SOURCE_TIMEOUT", "SOURCE_UPSTREAM"))
        return keep(known, Math.min(GRACE_MS, this.#revalidateMs));
      throw error;
    }
  }
}

function keyOf({ location, identity, preferredHdu }: FrameToDescribe): string {
  return JSON.stringify([location, identity ?? null, preferredHdu]);
}
