import {
  COLORMAPS,
  type ColormapName,
  type Levels,
  STRETCHES,
  type StretchName,
} from "../../drawing/display.ts";
import type { Histogram } from "../../measure/histogram.ts";
import { numberText } from "../../ui/sexagesimal.ts";
import type { ViewState } from "../view-state.ts";
import { HistogramPlot } from "./histogram-plot.tsx";

export interface BrightnessPanelProps {
  readonly view: ViewState;
  /** Undefined while they are not known. */
  readonly levels: Levels | undefined;
  readonly histogram: Pick<Histogram, "from" | "to" | "counts"> | undefined;
  /** Names of the available cuts, and the function that applies one. */
  readonly cuts: readonly (readonly [name: string, choose: () => void])[];
  /** Undefined if the cuts follow the sky of each frame. */
  readonly onLevels: ((levels: Levels) => void) | undefined;
  readonly children?: preact.ComponentChildren;
}

const LEVELS = [
  ["black", "low"],
  ["white", "high"],
] as const;

/** Stretch, cuts, colors, bias and contrast: everything that can be dragged can also be typed. */
export function BrightnessPanel(props: BrightnessPanelProps) {
  const { view, levels, histogram, cuts, onLevels, children } = props;
  const display = view.display.value;
  const setLevel = (name: "low" | "high") => (event: Event) => {
    const value = (event.currentTarget as HTMLInputElement).valueAsNumber;
    if (levels !== undefined && Number.isFinite(value)) onLevels?.({ ...levels, [name]: value });
  };
  return (
    <section class="panel" aria-labelledby="brightness-title">
      <h2 id="brightness-title">Brightness</h2>
      {histogram === undefined || levels === undefined ? null : (
        <HistogramPlot histogram={histogram} levels={levels} onLevels={onLevels} />
      )}
      {onLevels === undefined ? null : (
        <div class="fields two">
          {LEVELS.map(([text, name]) => (
            <label key={name}>
              {text}
              <input
                type="number"
                step="any"
                disabled={levels === undefined}
                value={levels === undefined ? "" : numberText(levels[name])}
                onChange={setLevel(name)}
              />
            </label>
          ))}
        </div>
      )}
      <div class="row">
        {cuts.map(([name, choose]) => (
          <button type="button" key={name} onClick={choose}>
            {name}
          </button>
        ))}
      </div>
      <div class="fields two">
        <label>
          stretch
          <select
            value={display.stretch}
            onChange={(event) => view.changeDisplay({ stretch: event.currentTarget.value as StretchName })}
          >
            {STRETCHES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          colors
          <select
            value={display.colormap}
            onChange={(event) => view.changeDisplay({ colormap: event.currentTarget.value as ColormapName })}
          >
            {COLORMAPS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          bias
          <input
            type="range"
            min="-0.5"
            max="1.5"
            step="0.01"
            value={display.bias}
            onInput={(event) => view.changeDisplay({ bias: event.currentTarget.valueAsNumber })}
          />
        </label>
        <label>
          contrast
          <input
            type="range"
            min="-3"
            max="3"
            step="0.02"
            value={Math.log(display.contrast)}
            onInput={(event) => view.changeDisplay({ contrast: Math.exp(event.currentTarget.valueAsNumber) })}
          />
        </label>
      </div>
      <div class="row">
        <label class="check">
          <input
            type="checkbox"
            checked={display.isInverted}
            onChange={(event) => view.changeDisplay({ isInverted: event.currentTarget.checked })}
          />
          invert
        </label>
        <button
          type="button"
          onClick={() => view.changeDisplay({ bias: 0.5, contrast: 1, isInverted: false })}
        >
          Reset
        </button>
        {children}
      </div>
    </section>
  );
}
