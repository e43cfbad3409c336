import { type Signal, signal } from "@preact/signals";
import { pauseBefore } from "../../app/service.ts";
import type { PixelImage } from "../pixels/pixels.ts";
import { type TileAddress, tileKey } from "./tile-plan.ts";

/**
 * Number of concurrent requests: twice the connections that browsers open to a host, which then
 * never wait for the thread that draws.
 */
const REQUESTS = 12;
/** Bytes of decoded tiles. */
const LIMIT = 96 * 2 ** 20;

/** A wanted tile, and whether its values must be exact. */
export interface WantedTile extends TileAddress {
  readonly isExact?: boolean;
}

/** Requests the bytes of a tile. */
type LoadTile = (tile: WantedTile, signal: AbortSignal) => Promise<ArrayBuffer>;

/** Decodes the bytes of a tile. */
type DecodeTile = (bytes: ArrayBuffer) => Promise<PixelImage>;

const keyOf = (tile: WantedTile) => `${tileKey(tile)}${tile.isExact ? "/exact" : ""}`;

/**
 * Tiles of a frame: requested in order of importance, a few at a time, decoded in a worker, and
 * cached; the least recently used are dropped first.
 */
export class TileStore {
  /** Changes whenever a tile has arrived. */
  readonly version: Signal<number> = signal(0);
  /** The last fault; undefined if no tile is missing because of one. */
  readonly fault: Signal<string | undefined> = signal(undefined);
  readonly #load: LoadTile;
  readonly #decode: DecodeTile;
  readonly #tiles = new Map<string, PixelImage>();
  readonly #running = new Map<string, AbortController>();
  /** Tiles that have arrived and are being decoded: others are requested meanwhile. */
  readonly #decoding = new Set<string>();
  /** How often a tile has failed, and when it may be requested again: never if infinite. */
  readonly #failed = new Map<string, { readonly tries: number; readonly due: number }>();
  #wanted: readonly WantedTile[] = [];
  #bytes = 0;

  constructor(load: LoadTile, decode: DecodeTile) {
    this.#load = load;
    this.#decode = decode;
  }

  /** Number of wanted tiles that are missing. */
  get missing(): number {
    return this.#wanted.filter((tile) => !this.#tiles.has(keyOf(tile))).length;
  }

  /** A tile if it is loaded; marks it as used. */
  get(tile: WantedTile): PixelImage | undefined {
    const key = keyOf(tile);
    const image = this.#tiles.get(key);
    if (image !== undefined) {
      this.#tiles.delete(key);
      this.#tiles.set(key, image);
    }
    return image;
  }

  /**
   * Replaces the list of wanted tiles, most important first. Requests for tiles that are no longer
   * wanted are aborted.
   */
  want(tiles: readonly WantedTile[]): void {
    this.#wanted = tiles;
    const keys = new Set(tiles.map(keyOf));
    for (const [key, request] of this.#running) {
      if (!keys.has(key)) request.abort();
    }
    this.#start();
  }

  /** Requests failed tiles again. */
  retry(): void {
    this.#failed.clear();
    this.fault.value = undefined;
    this.#start();
  }

  close(): void {
    this.#wanted = [];
    for (const request of this.#running.values()) request.abort();
  }

  #start(): void {
    const now = performance.now();
    for (const tile of this.#wanted) {
      if (this.#running.size >= REQUESTS) return;
      const key = keyOf(tile);
      if (this.#tiles.has(key) || this.#running.has(key) || this.#decoding.has(key)) continue;
      if (now < (this.#failed.get(key)?.due ?? 0)) continue;
      void this.#fetch(tile, key);
    }
  }

  async #fetch(tile: WantedTile, key: string): Promise<void> {
    const request = new AbortController();
    this.#running.set(key, request);
    try {
      const bytes = await this.#load(tile, request.signal);
      this.#running.delete(key);
      this.#decoding.add(key);
      this.#start();
      this.#add(key, await this.#decode(bytes));
      this.#failed.delete(key);
      if (this.#failed.size === 0) this.fault.value = undefined;
    } catch (error) {
      if (!request.signal.aborted) {
        const tries = (this.#failed.get(key)?.tries ?? 0) + 1;
        const pause = pauseBefore(error, tries);
        this.#failed.set(key, { tries, due: performance.now() + (pause ?? Number.POSITIVE_INFINITY) });
        this.fault.value = error instanceof Error ? error.message : String(error);
        if (pause !== undefined) setTimeout(() => this.#start(), pause + 10);
      }
    } finally {
      this.#running.delete(key);
      this.#decoding.delete(key);
      this.#start();
    }
  }

  #add(key: string, image: PixelImage): void {
    this.#tiles.set(key, image);
    this.#bytes += image.stored.byteLength;
    const wanted = new Set(this.#wanted.map(keyOf));
    for (const [old, { stored }] of this.#tiles) {
      if (this.#bytes <= LIMIT) break;
      if (wanted.has(old)) continue;
      this.#tiles.delete(old);
      this.#bytes -= stored.byteLength;
    }
    this.version.value++;
  }
}
