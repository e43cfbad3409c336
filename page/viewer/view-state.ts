import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import {
  type Camera,
  type PlanePoint,
  panned,
  type ViewPoint,
  type ViewSize,
  viewAt,
  zoomedAt,
} from "../drawing/camera.ts";
import { type Display, PLAIN_DISPLAY } from "../drawing/display.ts";

/** Limits of the zoom: screen pixels per unit of the plane. */
export interface ZoomLimits {
  readonly least: number;
  readonly most: number;
}

/** The camera of a view on a plane, its display settings, and the cursor. */
export class ViewState {
  readonly camera: Signal<Camera>;
  readonly size: Signal<ViewSize> = signal({ width: 800, height: 600 });
  readonly display: Signal<Display> = signal(PLAIN_DISPLAY);
  /** The point of the plane at which values are read. */
  readonly cursor: Signal<PlanePoint | undefined> = signal(undefined);
  /** Whether the cursor ignores the pointer. */
  readonly isFrozen: Signal<boolean> = signal(false);
  /** The cursor in the view; undefined if it is outside. */
  readonly cursorPoint: ReadonlySignal<ViewPoint | undefined>;
  readonly limits: ZoomLimits;

  constructor(camera: Camera, limits: ZoomLimits) {
    this.camera = signal(camera);
    this.limits = limits;
    this.cursorPoint = computed(() => {
      const place = this.cursor.value;
      if (place === undefined) return undefined;
      const { width, height } = this.size.value;
      const point = viewAt(this.camera.value, this.size.value, place);
      const isInside = point.x >= 0 && point.y >= 0 && point.x <= width && point.y <= height;
      return isInside ? point : undefined;
    });
  }

  pan(dx: number, dy: number): void {
    this.camera.value = panned(this.camera.value, dx, dy);
  }

  /** Zooms in by a factor (out if below 1), about a point of the view or its middle. */
  zoom(factor: number, about?: ViewPoint): void {
    const { camera, size } = this;
    const { width, height } = size.value;
    const scale = Math.min(this.limits.most, Math.max(this.limits.least, camera.value.scale / factor));
    camera.value = zoomedAt(camera.value, size.value, about ?? { x: width / 2, y: height / 2 }, scale);
  }

  /**
   * Moves the cursor by CSS pixels; it starts in the middle. Beyond the edge, the view follows it.
   */
  moveCursor(dx: number, dy: number): void {
    const camera = this.camera.value;
    const from = this.cursor.value ?? { u: camera.u, v: camera.v };
    const moved = panned({ ...camera, ...from }, -dx, -dy);
    this.cursor.value = { u: moved.u, v: moved.v };
    if (this.cursorPoint.value === undefined) this.camera.value = { ...camera, u: moved.u, v: moved.v };
  }

  /** Puts the cursor into the middle of the view if there is none yet, so that keys can move it. */
  beginCursor(): void {
    const { u, v } = this.camera.value;
    this.cursor.value ??= { u, v };
  }

  /** Mirrors the picture: left to right or, if it is also rotated by 180 degrees, upside down. */
  flip(turn: 0 | 180): void {
    const camera = this.camera.value;
    this.camera.value = { ...camera, isMirrored: !camera.isMirrored, turn: turn - camera.turn };
  }

  changeDisplay(changes: Partial<Display>): void {
    this.display.value = { ...this.display.value, ...changes };
  }
}
