import { LRUCache } from "lru-cache";
import type { LocalFile } from "../storage/local-file.ts";
import { descriptionBytes, type FrameDescription } from "./frame-description.ts";
import { SingleFlight } from "./single-flight.ts";

/** Memory for descriptions: some hundred full-size frames. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Keeps descriptions of frames by path, size and modification time, and reads each once. */
export class FrameCache {
  readonly #kept = new LRUCache<string, FrameDescription>({
    maxSize: CACHE_BYTES,
    sizeCalculation: descriptionBytes,
  });
  readonly #flights = new SingleFlight<FrameDescription>();

  /** The description of a file's image, by `describe` when it is not at hand. */
  async get(
    file: LocalFile,
    preferredHdu: number,
    describe: (signal: AbortSignal) => Promise<FrameDescription>,
    signal?: AbortSignal,
  ): Promise<FrameDescription> {
    const key = JSON.stringify([file.path, file.size, file.mtimeMs, preferredHdu]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const frame = await this.#flights.run(key, describe, signal);
    this.#kept.set(key, frame);
    return frame;
  }
}
