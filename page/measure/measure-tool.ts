import { type Signal, signal } from "@preact/signals";
import { type PlanePoint, planeAt, type ViewPoint } from "../drawing/camera.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import type { ViewState } from "../viewer/view-state.ts";
import { MAX_MEASUREMENTS, type Measurement, type Tool } from "./measurement.ts";

/**
 * A drag shorter than this counts as a click, CSS pixels: the next click then sets the other end.
 */
const CLICK = 4;

/** Measures with the pointer, by dragging or by two clicks, or with the cursor and Enter. */
export class MeasureTool {
  readonly tool: Signal<Tool | undefined> = signal(undefined);
  readonly measurements: Signal<readonly Measurement[]>;
  /** The measurement being made. */
  readonly draft: Signal<Measurement | undefined> = signal(undefined);
  readonly #view: ViewState;
  readonly #skyAt: (place: PlanePoint) => SkyPlace | undefined;
  #pressed: ViewPoint | undefined;

  constructor(
    view: ViewState,
    skyAt: (place: PlanePoint) => SkyPlace | undefined,
    measurements: readonly Measurement[] = [],
  ) {
    this.#view = view;
    this.#skyAt = skyAt;
    this.measurements = signal(measurements);
  }

  choose(tool: Tool): void {
    this.draft.value = undefined;
    this.tool.value = this.tool.value === tool ? undefined : tool;
  }

  cancel(): void {
    this.draft.value = undefined;
    this.tool.value = undefined;
  }

  undo(): void {
    if (this.draft.value === undefined) this.measurements.value = this.measurements.value.slice(0, -1);
    this.draft.value = undefined;
  }

  /** Handles a press of the pointer; false if no tool is active. */
  press(point: ViewPoint): boolean {
    if (this.tool.value === undefined) return false;
    this.#pressed = point;
    if (this.draft.value === undefined) this.#begin(this.#place(point));
    else this.#move(this.#place(point));
    return true;
  }

  move(point: ViewPoint): void {
    this.#move(this.#place(point));
  }

  release(point: ViewPoint): void {
    const from = this.#pressed;
    const draft = this.draft.value;
    if (from === undefined || draft === undefined) return;
    const isClick = Math.hypot(point.x - from.x, point.y - from.y) < CLICK;
    const isFirst = draft.from === draft.to || (isClick && !this.#isSecond);
    this.#isSecond = isFirst;
    if (draft.kind === "mark" || !isFirst) this.#finish();
  }

  /** Uses the cursor as the next end; does nothing if no tool is active. */
  pick(): void {
    const place = this.#view.cursor.value;
    if (this.tool.value === undefined || place === undefined) return;
    if (this.draft.value === undefined) {
      this.#begin(place);
      if (this.tool.value === "mark") this.#finish();
    } else {
      this.#move(place);
      this.#finish();
    }
  }

  #isSecond = false;

  #place(point: ViewPoint): PlanePoint {
    return planeAt(this.#view.camera.value, this.#view.size.value, point);
  }

  #begin(place: PlanePoint): void {
    const from = this.#skyAt(place);
    if (from === undefined || this.tool.value === undefined) return;
    this.#isSecond = false;
    this.draft.value = { kind: this.tool.value, from, to: from };
  }

  #move(place: PlanePoint): void {
    const to = this.#skyAt(place);
    if (this.draft.value !== undefined && to !== undefined) this.draft.value = { ...this.draft.value, to };
  }

  #finish(): void {
    const draft = this.draft.value;
    this.draft.value = undefined;
    this.#isSecond = false;
    if (draft === undefined) return;
    this.measurements.value = [...this.measurements.value, draft].slice(-MAX_MEASUREMENTS);
  }
}
