import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { icrsToPixel } from "@sbnsis/wcs";
import { workerUrl } from "../app/island.ts";
import { differenceLevels, type Levels, matchedLevels } from "../drawing/display.ts";
import { Decoder } from "../drawing/pixels/decoder.ts";
import { valueAt } from "../drawing/pixels/pixels.ts";
import { northUp, skyDirections } from "../drawing/sky/sky-directions.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import type { DrawnImage } from "../drawing/webgl/renderer.ts";
import { distance } from "../measure/distance.ts";
import type { MeasuredFrame } from "../measure/measurement.ts";
import { type ImageSet, isUsable, type PlacedRow, type SetChange, type SetRow } from "../sets/load-set.ts";
import { ViewState } from "../viewer/view-state.ts";
import { Blinker } from "./frames/blinker.ts";
import type { Alignment, ComparedFrame } from "./frames/compared-frame.ts";
import {
  type Difference,
  DifferenceCache,
  differenceOf,
  frameSubtrahend,
  type ShownImage,
  type Subtrahend,
} from "./frames/difference.ts";
import { FrameLoader } from "./frames/frame-loader.ts";

/** Marks that can be switched off. */
export const MARKS = ["object", "ellipse", "motion", "sun", "velocity", "trail", "compass"] as const;
export type MarkName = (typeof MARKS)[number];

/** How black and white are chosen for each frame. */
export type CutMode = "match" | "zscale" | "percentile" | Levels;

const ARCSEC_LIMITS = { least: 1 / 50, most: 60 };

/** State of Compare: a set of frames. */
export class CompareState {
  readonly set: ImageSet;
  /** Number of rows of a batch that are still being made. */
  readonly left: Signal<number> = signal(0);
  readonly view: ViewState;
  readonly index: Signal<number> = signal(0);
  readonly alignment: Signal<Alignment> = signal("object");
  readonly cut: Signal<CutMode> = signal("match");
  /** Numbers of the rows left out of blinking and stacks. */
  readonly leftOut: Signal<ReadonlySet<number>>;
  readonly marks: Signal<ReadonlySet<MarkName>> = signal(
    new Set(MARKS.filter((name) => name !== "velocity")),
  );
  /** What is subtracted from each frame. */
  readonly difference: Signal<Difference> = signal("none");
  /** The stack to subtract from a frame; undefined while there is none. */
  readonly stackBelow: Signal<((frame: ComparedFrame) => Subtrahend | undefined) | undefined> =
    signal(undefined);
  /** The pixels shown: those of the current frame or of its difference. */
  readonly shown: ReadonlySignal<ShownImage | undefined>;
  readonly blinker: Blinker;
  readonly loader: FrameLoader;
  /** The frame shown. */
  readonly current: ReadonlySignal<ComparedFrame | undefined>;
  /** The position at which the plane touches the sky. */
  readonly reference: SkyPlace;
  /** Side of a cutout, arcseconds. */
  readonly side: number;
  readonly #differences = new DifferenceCache();
  readonly #all: Signal<readonly SetRow[]>;
  readonly #usable: ReadonlySignal<readonly PlacedRow[]>;
  readonly #decoder: Decoder;
  readonly #leaving = new AbortController();

  /** @param sizeArcmin side of the cutouts */
  constructor(set: ImageSet, sizeArcmin: number) {
    this.set = set;
    this.#all = signal(set.rows);
    this.#usable = computed(() =>
      this.#all.value.filter(isUsable).sort((a, b) => (a.mjd ?? 0) - (b.mjd ?? 0) || a.n - b.n),
    );
    this.leftOut = signal(new Set(this.rows.filter(({ use }) => use === false).map(({ n }) => n)));
    this.side = sizeArcmin * 60;
    const middle = this.rows[this.rows.length >> 1];
    this.reference = middle ?? { ra: 0, dec: 0 };
    this.view = new ViewState(
      { u: 0, v: 0, scale: this.side / 600, turn: 0, isMirrored: false },
      ARCSEC_LIMITS,
    );
    this.view.cursor.value = { u: 0, v: 0 };
    this.blinker = new Blinker((direction) => this.step(direction));
    this.#decoder = new Decoder(workerUrl("decode"));
    this.#decoder.start();
    this.loader = new FrameLoader(this.rows, `${sizeArcmin}arcmin`, this.#decoder, this.#leaving.signal);
    this.current = computed(() => {
      this.loader.version.value;
      const row = this.rows[this.index.value];
      return row && this.loader.frames.get(row.n);
    });
    this.shown = computed(() => {
      const frame = this.current.value;
      return frame && (this.#differenceOf(frame) ?? frame.cutout);
    });
  }

  /** Rows with an image and a position, in order of time. */
  get rows(): readonly PlacedRow[] {
    return this.#usable.value;
  }

  /** Rows that cannot be shown. */
  get unusable(): readonly SetRow[] {
    return this.#all.value.filter((row) => !isUsable(row));
  }

  /** Adds rows that have been made since; the same image remains shown. */
  change({ rows, left }: SetChange): void {
    const shown = this.rows[this.index.peek()]?.n;
    const known = new Map(this.#all.peek().map((row) => [row.n, row]));
    // the events of a batch begin with the rows that were already read
    const changed = rows.filter((row) => known.get(row.n)?.code !== row.code);
    batch(() => {
      this.left.value = left;
      if (changed.length === 0) return;
      for (const row of changed) known.set(row.n, row);
      this.#all.value = [...known.values()].sort((a, b) => a.n - b.n);
      const out = changed.filter(({ use }) => use === false).map(({ n }) => n);
      if (out.length > 0) this.leftOut.value = new Set([...this.leftOut.peek(), ...out]);
      const index = this.rows.findIndex(({ n }) => n === shown);
      this.index.value = Math.max(0, index);
      this.loader.rows = this.rows;
    });
    this.loader.loadAround(this.index.peek());
  }

  /** Whether a chosen difference cannot be computed yet. */
  get lacksDifference(): boolean {
    const shown = this.shown.value;
    return this.difference.value !== "none" && shown !== undefined && shown === this.current.value?.cutout;
  }

  #differenceOf(frame: ComparedFrame): ShownImage | undefined {
    const kind = this.difference.value;
    if (kind === "none") return undefined;
    const parted = { ...frame.cutout, wcs: frame.wcs };
    if (kind === "stack") {
      const make = this.stackBelow.value;
      const below = make?.(frame);
      return below && this.#differences.get(frame, make!, () => differenceOf(parted, below));
    }
    const other = this.#previous(frame);
    if (other === undefined) return undefined;
    const below = () => frameSubtrahend({ ...other.cutout, wcs: other.wcs });
    return this.#differences.get(frame, other, () => differenceOf(parted, below()));
  }

  /** The frame in use that is shown before another one. */
  #previous({ n }: ComparedFrame): ComparedFrame | undefined {
    const used = this.rows.filter((row) => row.n === n || !this.leftOut.value.has(row.n));
    const at = used.findIndex((row) => row.n === n);
    for (let k = 1; k < used.length; k++) {
      const frame = this.loader.frames.get(used[(at - k + used.length) % used.length]!.n);
      if (frame !== undefined) return frame;
    }
    return undefined;
  }

  close(): void {
    this.blinker.stop();
    this.#leaving.abort();
    this.#decoder.close();
  }

  /** Shows a row; frames next to it are loaded first. */
  show(index: number): void {
    this.index.value = index;
    if (!this.loader.isDone) this.loader.loadAround(index);
  }

  /** Shows the next frame that is loaded and not left out. */
  step(direction: number): void {
    const index = this.#indexAfter(direction);
    if (index === undefined) return;
    this.index.value = index;
    // the map of the frame after it, before it is time to draw that one
    setTimeout(() => {
      const following = this.rows[this.#indexAfter(direction) ?? -1];
      if (following === undefined || this.#leaving.signal.aborted) return;
      this.loader.frames.get(following.n)?.mapOf(this.alignment.peek(), this.reference);
    });
  }

  /** The index of the next frame that is loaded and not left out; undefined if there is none. */
  #indexAfter(direction: number): number | undefined {
    const count = this.rows.length;
    for (let k = 1; k <= count; k++) {
      const index = (((this.index.peek() + direction * k) % count) + count) % count;
      const { n } = this.rows[index]!;
      if (!this.leftOut.peek().has(n) && this.loader.frames.has(n)) return index;
    }
    return undefined;
  }

  /** Leaves a row out, or includes it again. */
  toggleUse(n: number): void {
    const next = new Set(this.leftOut.value);
    if (!next.delete(n)) next.add(n);
    this.leftOut.value = next;
  }

  toggleMark(name: MarkName): void {
    const next = new Set(this.marks.value);
    if (!next.delete(name)) next.add(name);
    this.marks.value = next;
  }

  /** Shows the whole cutout. */
  fit(): void {
    const { camera, size } = this.view;
    const { width, height } = size.value;
    camera.value = { ...camera.value, u: 0, v: 0, scale: this.side / Math.min(width, height) };
  }

  /** Turns the picture so that north is up and east to the left, at the object. */
  northUp(): void {
    const { camera } = this.view;
    const frame = this.current.value;
    if (frame === undefined || this.alignment.value !== "pixels") {
      // the planes of the object and of the sky are north up already
      camera.value = { ...camera.value, turn: 0, isMirrored: false };
      return;
    }
    const { ra, dec } = frame.object;
    const at = icrsToPixel(frame.wcs, ra, dec);
    const directions = at && skyDirections(frame.wcs, { u: at.x, v: at.y });
    if (directions !== undefined) camera.value = { ...camera.value, ...northUp(directions) };
  }

  levelsOf({ statistics, image }: ShownImage): Levels {
    const cut = this.cut.value;
    if (cut === "match") {
      const isDifference = image !== this.current.value?.cutout.image;
      return isDifference ? differenceLevels(statistics) : matchedLevels(statistics);
    }
    if (cut === "zscale" || cut === "percentile")
      return { low: statistics[cut][0], high: statistics[cut][1] };
    return cut;
  }

  /** What to draw. */
  images(): readonly DrawnImage[] {
    const frame = this.current.value;
    const shown = this.shown.value;
    const map = frame?.mapOf(this.alignment.value, this.reference);
    if (frame === undefined || map === undefined || shown === undefined) return [];
    // screen pixels per frame pixel
    const size = (frame.scale * 3600) / (this.view.camera.value.scale / devicePixelRatio);
    return [{ image: shown.image, patches: map.patches, levels: this.levelsOf(shown), isSmooth: size <= 2 }];
  }

  /** The data for measurements of the current frame. */
  frame(): MeasuredFrame | undefined {
    const frame = this.current.value;
    const shown = this.shown.value;
    if (frame === undefined || shown === undefined) return undefined;
    const { image } = shown;
    const { unit } = frame.cutout;
    return {
      pixelAt: ({ ra, dec }) => icrsToPixel(frame.wcs, ra, dec),
      skyAt: (x, y) => frame.skyOfPixel(x, y),
      valueAt: (x, y) => valueAt(image, x, y),
      object: frame.object,
      unit,
      mid: frame.mid,
      target: this.set.target ?? undefined,
    };
  }

  /** Position, value and distance from the object at the cursor. */
  readonly readout = computed(() => {
    const frame = this.current.value;
    const cursor = this.view.cursor.value;
    const shown = this.shown.value;
    if (frame === undefined || cursor === undefined || shown === undefined) return undefined;
    const sky = frame.skyAt(this.alignment.value, this.reference, cursor);
    const pixel = sky && icrsToPixel(frame.wcs, sky.ra, sky.dec);
    const { image } = shown;
    const { unit } = frame.cutout;
    return {
      ...{ sky, unit },
      x: pixel && pixel.x + 1,
      y: pixel && pixel.y + 1,
      value: pixel && valueAt(image, Math.round(pixel.x), Math.round(pixel.y)),
      isExact: image.isExact,
      fromObject: sky && distance(frame.object, sky),
    };
  });
}
