import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { TilesOfImage } from "@sbnsis/client";
import { hasCelestialWcs, icrsToPixel, pixelToIcrs, type Wcs, wcsFromHeader } from "@sbnsis/wcs";
import { firstPicture, imageUrl, workerUrl } from "../app/island.ts";
import { request, requestJson, ServiceError } from "../app/service.ts";
import { fitted, type PlaneBox, type PlanePoint, visibleBox } from "../drawing/camera.ts";
import type { Levels } from "../drawing/display.ts";
import { Decoder } from "../drawing/pixels/decoder.ts";
import { valueAt } from "../drawing/pixels/pixels.ts";
import type { CubicPatch } from "../drawing/sky/cubic-map.ts";
import { northUp, skyDirections } from "../drawing/sky/sky-directions.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import {
  drawOrder,
  levelFor,
  type TileAddress,
  tileBox,
  tileOfPixel,
  tilesUnder,
} from "../drawing/tiles/tile-plan.ts";
import { TileStore, type WantedTile } from "../drawing/tiles/tile-store.ts";
import type { DrawnImage } from "../drawing/webgl/renderer.ts";
import type { MeasuredFrame } from "../measure/measurement.ts";
import { ViewState } from "../viewer/view-state.ts";
import { headerOfText } from "./header-text.ts";

/** The value at the cursor. */
export interface Readout {
  /** ICRS. */
  readonly sky: SkyPlace | undefined;
  /** Counted from 1, as in FITS. */
  readonly x: number;
  readonly y: number;
  /** NaN where there is no value; undefined while none is known. */
  readonly value: number | undefined;
  /** Whether it is the value in the file, neither rounded nor averaged. */
  readonly isExact: boolean;
}

const PIXEL_LIMITS = { least: 1 / 64, most: 64 };

/** State of Look: one whole frame, with its tiles, header and coordinates. */
export class LookState {
  readonly id: string;
  readonly view: ViewState = new ViewState(
    { u: 0, v: 0, scale: 1, turn: 0, isMirrored: false },
    PIXEL_LIMITS,
  );
  readonly description: Signal<TilesOfImage | undefined> = signal(undefined);
  readonly header: Signal<string | undefined> = signal(undefined);
  readonly wcs: Signal<Wcs | undefined> = signal(undefined);
  /** Why the description or the coordinates are missing. */
  readonly fault: Signal<unknown> = signal(undefined);
  readonly wcsFault: Signal<string | undefined> = signal(undefined);
  readonly levels: Signal<Levels> = signal({ low: 0, high: 1 });
  readonly tiles: TileStore;
  readonly readout: ReadonlySignal<Readout | undefined>;
  /** Pixels that measurements need. */
  readonly measured: Signal<readonly PlaneBox[]> = signal([]);
  readonly #decoder: Decoder;
  #drawn: readonly DrawnImage[] = [];
  readonly #leaving = new AbortController();

  constructor(id: string) {
    this.id = id;
    this.#decoder = new Decoder(workerUrl("decode"));
    this.tiles = new TileStore(
      (tile, signal) => this.#loadTile(tile, signal),
      (bytes) => this.#decoder.tile(bytes),
    );
    this.readout = computed(() => this.#readout());
  }

  /**
   * Loads the header, and the description once the first picture has arrived: the overview that the
   * description requires makes the service read the whole file, which would delay the picture.
   */
  async load(): Promise<void> {
    const { signal } = this.#leaving;
    const header = request(imageUrl(this.id, { format: "header" }), { signal })
      .then((response) => response.text())
      .then((text) => this.#readHeader(text))
      .catch((error: unknown) => {
        if (!signal.aborted) this.wcsFault.value = String(error instanceof Error ? error.message : error);
      });
    if (firstPicture !== undefined) await loadedOrFailed(firstPicture);
    if (signal.aborted) return;
    this.#decoder.start();
    try {
      await this.#describe(() => this.fit());
    } catch (error) {
      if (!signal.aborted) this.fault.value = error;
    }
    await header;
  }

  close(): void {
    this.#leaving.abort();
    this.tiles.close();
    this.#decoder.close();
  }

  /** Shows the whole frame. */
  fit(): void {
    const { camera, size } = this.view;
    camera.value = fitted(camera.value, size.value, this.#box());
  }

  /** Rotates the picture so that at its middle north is up and east to the left. */
  northUp(): void {
    const { camera } = this.view;
    const wcs = this.wcs.value;
    if (wcs === undefined) return;
    const directions = skyDirections(wcs, camera.value);
    if (directions !== undefined) camera.value = { ...camera.value, ...northUp(directions) };
  }

  /** What to draw; also requests missing tiles. */
  images(): readonly DrawnImage[] {
    const description = this.description.value;
    this.tiles.version.value;
    if (description === undefined) return [];
    const scale = this.view.camera.value.scale / devicePixelRatio;
    const level = levelFor(description, scale);
    const box = visibleBox(this.view.camera.value, this.view.size.value);
    const wanted = tilesUnder(description, level, box);
    this.tiles.want(this.#allWanted(description, level, wanted, box));
    const order = drawOrder(description, wanted, (tile) => this.tiles.get(tile) !== undefined);
    const levels = this.levels.value;
    const drawn = order.map((tile) => ({
      image: this.tiles.get(tile)!,
      patches: [tilePatch(description, tile)],
      levels,
      isSmooth: 2 ** tile.level / scale <= 2,
    }));
    // tiles that are not in the view, such as those ahead and that of the cursor, redraw nothing
    if (!areSame(drawn, this.#drawn)) this.#drawn = drawn;
    return this.#drawn;
  }

  /** The data for measurements. */
  frame(): MeasuredFrame | undefined {
    const wcs = this.wcs.value;
    if (wcs === undefined || this.description.value === undefined) return undefined;
    return {
      pixelAt: ({ ra, dec }) => icrsToPixel(wcs, ra, dec),
      skyAt: (x, y) => pixelToIcrs(wcs, x, y),
      valueAt: (x, y) => this.exactValue(x, y) ?? Number.NaN,
      unit: this.description.value.unit ?? "",
    };
  }

  /** Whether all pixels of a box are loaded with exact values. */
  hasPixels(box: PlaneBox | undefined): boolean {
    const description = this.description.value;
    if (description === undefined) return false;
    if (box === undefined) return true;
    const isExact = !description.levels[0]!.exact;
    return tilesUnder(description, 0, box).every(
      (tile) => this.tiles.get({ ...tile, isExact }) !== undefined,
    );
  }

  /** The value of a pixel (from 0) in its file; undefined while it is not known. */
  exactValue(x: number, y: number): number | undefined {
    const description = this.description.value!;
    if (!(x >= 0 && y >= 0 && x < description.width && y < description.height)) return Number.NaN;
    const { address, x: px, y: py } = tileOfPixel(description, 0, x, y);
    const tile =
      this.tiles.get({ ...address, isExact: true }) ?? this.tiles.get({ ...address, isExact: false });
    return tile?.isExact === true ? valueAt(tile, px, py) : undefined;
  }

  #allWanted(
    description: TilesOfImage,
    level: number,
    wanted: readonly TileAddress[],
    box: PlaneBox,
  ): readonly WantedTile[] {
    const coarsest = description.levels.length - 1;
    const isExact = !description.levels[0]!.exact;
    const exactTile = (tile: TileAddress) => ({ ...tile, isExact });
    const cursor = this.view.cursor.value;
    const all = { u0: 0, v0: 0, u1: description.width - 1, v1: description.height - 1 };
    const under =
      cursor === undefined || !isInside(description, cursor)
        ? []
        : [exactTile(tileOfPixel(description, 0, Math.round(cursor.u), Math.round(cursor.v)).address)];
    const needed = this.measured.value.flatMap((each) => tilesUnder(description, 0, each).map(exactTile));
    return [
      ...tilesUnder(description, coarsest, all),
      ...wanted,
      ...under,
      ...needed,
      ...tilesUnder(description, level, box, 1).slice(0, 4 * wanted.length + 12),
    ];
  }

  #readout(): Readout | undefined {
    const cursor = this.view.cursor.value;
    const description = this.description.value;
    if (cursor === undefined || description === undefined) return undefined;
    this.tiles.version.value;
    const wcs = this.wcs.value;
    const sky = wcs && pixelToIcrs(wcs, cursor.u, cursor.v);
    const place = { sky, x: cursor.u + 1, y: cursor.v + 1 };
    if (!isInside(description, cursor)) return { ...place, value: Number.NaN, isExact: true };
    const [x, y] = [Math.round(cursor.u), Math.round(cursor.v)];
    const exact = this.exactValue(x, y);
    if (exact !== undefined) return { ...place, value: exact, isExact: true };
    for (let level = 0; level < description.levels.length; level++) {
      const { address, x: px, y: py } = tileOfPixel(description, level, x, y);
      const tile = this.tiles.get(address);
      if (tile !== undefined) return { ...place, value: valueAt(tile, px, py), isExact: false };
    }
    return { ...place, value: undefined, isExact: false };
  }

  #box(): PlaneBox {
    const { width = 1, height = 1 } = this.description.value ?? {};
    return { u0: -0.5, v0: -0.5, u1: width - 0.5, v1: height - 0.5 };
  }

  #readHeader(text: string): void {
    this.header.value = text;
    try {
      const header = headerOfText(text);
      if (hasCelestialWcs(header)) this.wcs.value = wcsFromHeader(header);
      else this.wcsFault.value = "The header has no celestial coordinates.";
    } catch (error) {
      this.wcsFault.value = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * Reads the description.
   * @param place sets the camera as soon as it is read, before any tile is requested
   */
  async #describe(place?: () => void): Promise<TilesOfImage> {
    const { signal } = this.#leaving;
    const description = await requestJson<TilesOfImage>(imageUrl(this.id, undefined, "/tiles"), {
      signal,
    });
    const [low, high] = description.cuts?.zscale ?? [0, 1];
    if (this.description.peek() === undefined) this.levels.value = { low, high };
    batch(() => {
      this.description.value = description;
      place?.();
    });
    return description;
  }

  async #loadTile({ level, column, row, isExact }: WantedTile, signal: AbortSignal): Promise<ArrayBuffer> {
    const query = isExact ? { exact: true } : undefined;
    const url = (version: string) => imageUrl(this.id, query, `/tiles/${version}/${level}/${column}/${row}`);
    try {
      const response = await request(url(this.description.peek()!.version), { signal });
      return await response.arrayBuffer();
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 410)) throw error;
      // the file has changed, and its description names the new version
      const { version } = await this.#describe();
      return (await request(url(version), { signal })).arrayBuffer();
    }
  }
}

/** Waits for a picture that the document shows; it is requested and sent once. */
function loadedOrFailed(url: string): Promise<unknown> {
  const picture = new Image();
  const ended = new Promise((resolve) => {
    picture.onload = resolve;
    picture.onerror = resolve;
  });
  picture.src = url;
  return ended;
}

/** Whether lists have the same tiles, drawn in the same way: an image belongs to one tile. */
function areSame(some: readonly DrawnImage[], others: readonly DrawnImage[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ image, levels, isSmooth }, k) => {
      const other = others[k]!;
      return image === other.image && levels === other.levels && isSmooth === other.isSmooth;
    })
  );
}

function isInside({ width, height }: TilesOfImage, { u, v }: PlanePoint): boolean {
  return u >= -0.5 && v >= -0.5 && u < width - 0.5 && v < height - 0.5;
}

/** The position of a tile in its frame. */
function tilePatch(pyramid: TilesOfImage, tile: TileAddress): CubicPatch {
  const box = tileBox(pyramid, tile);
  const x = new Float32Array(10);
  const y = new Float32Array(10);
  x[1] = (box.u1 - box.u0) / 2 ** (tile.level + 1);
  x[0] = x[1] - 0.5;
  y[2] = (box.v1 - box.v0) / 2 ** (tile.level + 1);
  y[0] = y[2] - 0.5;
  return { box, x, y };
}
