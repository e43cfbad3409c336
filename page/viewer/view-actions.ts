import { COLORMAPS, STRETCHES } from "../drawing/display.ts";
import type { MeasureTool } from "../measure/measure-tool.ts";
import type { KeyAction } from "./keys.ts";
import type { ViewState } from "./view-state.ts";

/** Key actions common to all views of pixels: zoom, brightness, measuring, freezing the cursor. */
export function viewActions(view: ViewState, tool: MeasureTool): Partial<Record<KeyAction, () => void>> {
  return {
    "zoom-in": () => view.zoom(1.25),
    "zoom-out": () => view.zoom(0.8),
    reset: () => view.changeDisplay({ bias: 0.5, contrast: 1 }),
    stretch: () => view.changeDisplay({ stretch: following(STRETCHES, view.display.value.stretch) }),
    colormap: () => view.changeDisplay({ colormap: following(COLORMAPS, view.display.value.colormap) }),
    invert: () => view.changeDisplay({ isInverted: !view.display.value.isInverted }),
    mark: () => tool.choose("mark"),
    distance: () => tool.choose("distance"),
    circle: () => tool.choose("circle"),
    line: () => tool.choose("line"),
    "flip-x": () => view.flip(0),
    "flip-y": () => view.flip(180),
    pick: () => tool.pick(),
    cancel: () => tool.cancel(),
    undo: () => tool.undo(),
    freeze: () => {
      view.isFrozen.value = !view.isFrozen.value;
    },
  };
}

/** The next item of a list; the first follows the last. */
function following<T>(list: readonly T[], current: T): T {
  return list[(list.indexOf(current) + 1) % list.length]!;
}
