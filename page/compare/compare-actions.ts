import { STRETCHES } from "../drawing/display.ts";
import type { MeasureTool } from "../measure/measure-tool.ts";
import type { StackState } from "../stack/stack-state.ts";
import { COLORS } from "../viewer/brightness-panel.tsx";
import type { KeyAction } from "../viewer/keys.ts";
import type { CompareState } from "./compare-state.ts";
import type { Alignment } from "./compared-frame.ts";
import { following } from "./following.ts";

/** Does what a key of Compare does. */
export function compareActions(
  {
    state,
    stack,
    tool,
  }: { readonly state: CompareState; readonly stack: StackState; readonly tool: MeasureTool },
  action: KeyAction,
  isRelease: boolean,
): void {
  const { view, blinker } = state;
  const align = (alignment: Alignment) => () => {
    state.alignment.value = alignment;
  };
  const actions: Partial<Record<KeyAction, () => void>> = {
    blink: () => blinker.toggle(1),
    "blink-back": () => blinker.toggle(-1),
    next: () => state.step(1),
    previous: () => state.step(-1),
    "previous-held": () => state.step(isRelease ? 1 : -1),
    "zoom-in": () => view.zoom(1.25),
    "zoom-out": () => view.zoom(0.8),
    "one-to-one": () => {
      const frame = state.current.value;
      if (frame !== undefined) view.zoom((view.camera.value.scale * devicePixelRatio) / (frame.scale * 3600));
    },
    reset: () => view.changeDisplay({ bias: 0.5, contrast: 1 }),
    fit: () => state.fit(),
    "align-object": align("object"),
    "align-sky": align("sky"),
    "align-pixels": align("pixels"),
    stretch: () => view.changeDisplay({ stretch: following(STRETCHES, view.display.value.stretch) }),
    colormap: () => view.changeDisplay({ colormap: following(COLORS, view.display.value.colormap) }),
    invert: () => view.changeDisplay({ isInverted: !view.display.value.isInverted }),
    zscale: () => {
      state.cut.value = state.cut.value === "zscale" ? "match" : "zscale";
    },
    mark: () => tool.choose("mark"),
    distance: () => tool.choose("distance"),
    circle: () => tool.choose("circle"),
    line: () => tool.choose("line"),
    pick: () => tool.pick(),
    cancel: () => tool.cancel(),
    undo: () => tool.undo(),
    freeze: () => {
      view.isFrozen.value = !view.isFrozen.value;
    },
    "leave-out": () => {
      const row = state.rows[state.index.value];
      if (row !== undefined) state.toggleUse(row.n);
    },
    stack: () => {
      stack.isOn.value = true;
    },
  };
  actions[action]?.();
}
