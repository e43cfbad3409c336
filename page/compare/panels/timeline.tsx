import { surveyOf } from "../../ui/text.ts";
import type { CompareState } from "../compare-state.ts";
import { timeOfMjd } from "./frame-table.tsx";

const WIDTH = 1000;
const HEIGHT = 30;

/** Images over time: one bar per image and one line per survey; nights are spread out. */
export function Timeline({ state }: { readonly state: CompareState }) {
  const { rows } = state;
  const surveys = surveysOf(state);
  const first = timeOfMjd(rows[0]?.mjd)?.slice(0, 10) ?? "";
  const last = timeOfMjd(rows.at(-1)?.mjd)?.slice(0, 10) ?? "";
  const choose = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * rows.length);
    state.show(Math.min(rows.length - 1, Math.max(0, index)));
  };
  return (
    <div class="timeline">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${rows.length} images from ${first} to ${last} of ${surveys.join(", ")}`}
        onPointerDown={choose}
        onPointerMove={choose}
      >
        <Bars state={state} />
        <CurrentBar state={state} />
      </svg>
      <div class="timeline-ends number dim">
        <span>{first}</span>
        <span>{surveys.join(" · ")}</span>
        <span>{last}</span>
      </div>
    </div>
  );
}

function surveysOf({ rows }: CompareState): readonly string[] {
  return [...new Set(rows.map(({ obs_id }) => surveyOf(obs_id)))].sort();
}

/** Does not read the index, which changes with every picture while blinking. */
function Bars({ state }: { readonly state: CompareState }) {
  state.loader.version.value;
  const surveys = surveysOf(state);
  return (
    <>
      {state.rows.map((row, index) => (
        <rect key={row.n} class={barClass(state, row.n)} {...barOf(state, index, surveys)} />
      ))}
    </>
  );
}

function CurrentBar({ state }: { readonly state: CompareState }) {
  if (state.rows.length === 0) return null;
  return <rect class="current" {...barOf(state, state.index.value, surveysOf(state))} />;
}

function barOf({ rows }: CompareState, index: number, surveys: readonly string[]) {
  const step = WIDTH / rows.length;
  const lane = HEIGHT / surveys.length;
  return {
    x: index * step + step * 0.15,
    y: 1 + lane * surveys.indexOf(surveyOf(rows[index]!.obs_id)),
    width: step * 0.7,
    height: lane - 2,
  };
}

function barClass(state: CompareState, n: number): string {
  if (state.loader.faults.has(n)) return "failed";
  if (state.leftOut.value.has(n)) return "left-out";
  return state.loader.frames.has(n) ? "loaded" : "waiting";
}
