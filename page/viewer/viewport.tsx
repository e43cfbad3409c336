import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { viewToPlane } from "../drawing/camera.ts";
import { type DrawnImage, NoWebGl2Error, Renderer } from "../drawing/webgl/renderer.ts";
import { ARROWS, actionOf, type KeyAction } from "./keys.ts";
import { type Gestures, watchPointers } from "./pointers.ts";
import type { ViewState } from "./view-state.ts";

export interface ViewportProps extends Gestures {
  readonly view: ViewState;
  /**
   * Returns what to draw; the signals it reads are tracked. The same array as before redraws
   * nothing.
   */
  readonly images: () => readonly DrawnImage[];
  /** Description of the picture, in a sentence. */
  readonly label: string;
  /** Distance that an arrow key moves the cursor by, CSS pixels. */
  readonly step: () => number;
  readonly onAction: (action: KeyAction, isRelease: boolean) => void;
  /** Shown instead of the canvas if there is no WebGL2. */
  readonly fallback: ComponentChildren;
  /** Overlays of the picture: SVG marks and text. */
  readonly children?: ComponentChildren;
}

/** After this time without pixels, WebGL is set up while they are being waited for, milliseconds. */
const PREPARE_MS = 800;

/**
 * The part of the page that shows pixels. Draws at most once per screen frame, and only after a
 * change.
 */
export function Viewport(props: ViewportProps) {
  const { view, label, fallback, children } = props;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const current = useRef(props);
  current.current = props;
  const [fault, setFault] = useState<string>();
  const [isAble, setAble] = useState(true);

  useEffect(() => {
    const element = place.current!;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const { width: w, height: h } = view.size.peek();
      if (width > 0 && height > 0 && (width !== w || height !== h)) view.size.value = { width, height };
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    const stop = watchPointers(element, view, {
      onPress: (point) => current.current.onPress?.(point) ?? false,
      onMove: (point) => current.current.onMove?.(point),
      onRelease: (point) => current.current.onRelease?.(point),
    });
    return () => {
      resized.disconnect();
      stop();
    };
  }, [view]);

  useEffect(() => {
    if (!isAble) return;
    let frame = 0;
    let drawn: readonly DrawnImage[] = [];
    let hasDrawn = false;
    const fail = (error: unknown) => {
      if (error instanceof NoWebGl2Error) setAble(false);
      else setFault(error instanceof Error ? error.message : String(error));
    };
    let renderer: Renderer | undefined;
    let hasFailed = false;
    const attempt = (work: () => void) => {
      try {
        if (!hasFailed) work();
      } catch (error) {
        hasFailed = true;
        fail(error);
      }
    };
    const begin = () => {
      renderer ??= new Renderer(canvas.current!, schedule);
      return renderer;
    };
    const draw = () => {
      frame = 0;
      // setting up WebGL takes the thread, and requests are sent first
      if (drawn.length === 0 && !hasDrawn) return;
      hasDrawn = true;
      const { width, height } = view.size.peek();
      const ratio = devicePixelRatio;
      const map = viewToPlane(view.camera.peek(), { width, height });
      const { ux, uy, vx, vy } = map;
      attempt(() =>
        begin().draw({
          map: { ...map, ux: ux / ratio, uy: uy / ratio, vx: vx / ratio, vy: vy / ratio },
          width: Math.round(width * ratio),
          height: Math.round(height * ratio),
          images: drawn,
          display: view.display.peek(),
        }),
      );
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(draw);
    };
    // not at once: pixels that the service has already arrive sooner than WebGL is set up
    const waiting = setTimeout(() => {
      attempt(() => !hasDrawn && begin().prepare(view.display.peek()));
    }, PREPARE_MS);
    let scene: readonly unknown[] = [];
    const stop = effect(() => {
      drawn = current.current.images();
      const next = [view.camera.value, view.size.value, view.display.value, drawn];
      const isChanged = next.some((part, k) => part !== scene[k]);
      scene = next;
      if (isChanged) schedule();
    });
    return () => {
      stop();
      clearTimeout(waiting);
      cancelAnimationFrame(frame);
    };
  }, [view, isAble]);

  const press = (event: KeyboardEvent, isRelease: boolean) => {
    const action = actionOf(event);
    if (action === undefined || event.target !== place.current) return;
    if (action === "help" || action === "cancel" || !isRelease) event.preventDefault();
    const arrow = ARROWS[action];
    if (arrow === undefined) {
      if (!event.repeat) current.current.onAction(action, isRelease);
    } else if (!isRelease) {
      const [dx, dy] = arrow;
      if (event.ctrlKey) view.pan(-40 * dx, -40 * dy);
      else {
        const step = current.current.step() * (event.shiftKey ? 10 : 1);
        view.moveCursor(dx * step, dy * step);
      }
    }
  };

  const usesPicture = !isAble || fault !== undefined;
  return (
    <div
      class="viewport"
      ref={place}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: applications need the keyboard
      tabIndex={0}
      role="application"
      aria-roledescription="image viewer"
      aria-label={`${label} Arrow keys move the cursor, question mark lists the keys.`}
      onKeyDown={(event) => press(event, false)}
      onKeyUp={(event) => press(event, true)}
    >
      {usesPicture ? fallback : <canvas ref={canvas} role="img" aria-label={label} />}
      {fault === undefined ? null : (
        <p class="viewport-note" role="status">
          Pictures instead of pixels: {fault}
        </p>
      )}
      {children}
    </div>
  );
}
