import { batch } from "@preact/signals";
import { planeAt, type ViewPoint } from "../drawing/camera.ts";
import { dragged } from "../drawing/display.ts";
import type { ViewState } from "./view-state.ts";

/** How a view handles gestures other than its own. */
export interface Gestures {
  /** A press of the pointer: returning true claims the gesture until that pointer is released. */
  readonly onPress?: (point: ViewPoint) => boolean;
  readonly onMove?: (point: ViewPoint) => void;
  readonly onRelease?: (point: ViewPoint) => void;
}

interface Pressed {
  x: number;
  y: number;
  readonly kind: "pan" | "display" | "tool";
}

/** Zoom factor of a wheel step. */
const WHEEL = 1 / 400;

/**
 * Lets pointers and the wheel control a view: drag to pan, right drag or Shift-drag for bias and
 * contrast, two fingers to pan and zoom, wheel to zoom at the pointer, double click to center.
 * Returns the function that stops this.
 */
export function watchPointers(element: HTMLElement, view: ViewState, gestures: Gestures): () => void {
  const pressed = new Map<number, Pressed>();
  /** Where the element is during a gesture: to ask for it at each move would compute a layout. */
  let held: DOMRect | undefined;
  const at = ({ clientX, clientY }: MouseEvent): ViewPoint => {
    const { left, top } = held ?? element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const setCursor = (point: ViewPoint) => {
    if (!view.isFrozen.value) view.cursor.value = planeAt(view.camera.value, view.size.value, point);
  };
  const down = (event: PointerEvent) => {
    // a captured pointer would swallow clicks on buttons over the picture
    if (event.target instanceof Element && event.target.closest("button, a") !== null) return;
    element.focus({ preventScroll: true });
    const point = at(event);
    element.setPointerCapture(event.pointerId);
    const isDisplay = event.button === 2 || event.shiftKey;
    const isTool =
      !isDisplay && event.button === 0 && pressed.size === 0 && gestures.onPress?.(point) === true;
    held ??= element.getBoundingClientRect();
    pressed.set(event.pointerId, { ...point, kind: isTool ? "tool" : isDisplay ? "display" : "pan" });
  };
  const move = (event: PointerEvent) => {
    const point = at(event);
    if (event.pointerType !== "touch" || pressed.size === 1) setCursor(point);
    const own = pressed.get(event.pointerId);
    if (own === undefined) return;
    const [dx, dy] = [point.x - own.x, point.y - own.y];
    const other = [...pressed.entries()].find(([id]) => id !== event.pointerId)?.[1];
    if (own.kind === "tool") gestures.onMove?.(point);
    else if (own.kind === "display") {
      view.display.value = dragged(view.display.value, dx, dy, view.size.value);
    } else if (other === undefined) view.pan(dx, dy);
    else {
      const before = Math.hypot(own.x - other.x, own.y - other.y);
      const after = Math.hypot(point.x - other.x, point.y - other.y);
      view.pan(dx / 2, dy / 2);
      if (before > 0) view.zoom(after / before, { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    }
    own.x = point.x;
    own.y = point.y;
  };
  const up = (event: PointerEvent) => {
    if (pressed.get(event.pointerId)?.kind === "tool") gestures.onRelease?.(at(event));
    pressed.delete(event.pointerId);
    if (pressed.size === 0) held = undefined;
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    view.zoom(Math.exp(-event.deltaY * lines * WHEEL), at(event));
    setCursor(at(event));
  };
  const center = (event: MouseEvent) => {
    view.camera.value = { ...view.camera.value, ...planeAt(view.camera.value, view.size.value, at(event)) };
  };
  const noMenu = (event: Event) => event.preventDefault();
  const ending = new AbortController();
  const { signal } = ending;
  element.addEventListener("pointerdown", down, { signal });
  // the cursor and the camera change together
  element.addEventListener("pointermove", (event) => batch(() => move(event)), { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", up, { signal });
  element.addEventListener("wheel", wheel, { signal, passive: false });
  element.addEventListener("dblclick", center, { signal });
  element.addEventListener("contextmenu", noMenu, { signal });
  return () => ending.abort();
}
