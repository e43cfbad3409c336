import type { MeasureTool } from "../measure/measure-tool.ts";
import type { StackState } from "../stack/stack-state.ts";
import type { KeyAction } from "../viewer/keys.ts";
import { viewActions } from "../viewer/view-actions.ts";
import type { CompareState } from "./compare-state.ts";
import type { Alignment } from "./frames/compared-frame.ts";

/** Returns a function that performs the key actions of Compare. */
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
    ...viewActions(view, tool),
    blink: () => blinker.toggle(1),
    "blink-back": () => blinker.toggle(-1),
    next: () => state.step(1),
    previous: () => state.step(-1),
    "previous-held": () => state.step(isRelease ? 1 : -1),
    "one-to-one": () => {
      const frame = state.current.value;
      if (frame !== undefined) view.zoom((view.camera.value.scale * devicePixelRatio) / (frame.scale * 3600));
    },
    fit: () => state.fit(),
    "north-up": () => state.northUp(),
    "align-object": align("object"),
    "align-sky": align("sky"),
    "align-pixels": align("pixels"),
    zscale: () => {
      state.cut.value = state.cut.value === "zscale" ? "match" : "zscale";
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
