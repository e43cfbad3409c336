import { Choice } from "../../ui/choice.tsx";
import type { CompareState } from "../compare-state.ts";
import { SAFE_RATE } from "../frames/blinker.ts";
import { ALIGNMENTS } from "../frames/compared-frame.ts";
import { DIFFERENCES } from "../frames/difference.ts";

/** Controls for blinking, alignment and differences. */
export function Transport({ state }: { readonly state: CompareState }) {
  const { blinker } = state;
  state.loader.version.value;
  const loaded = state.loader.frames.size;
  const rates = [0.5, 1, 2, 3, ...(blinker.isFast.value ? [5, 10] : [])];
  return (
    <div class="transport" role="toolbar" aria-label="Blink">
      <button
        type="button"
        class="primary"
        aria-pressed={blinker.isPlaying.value}
        onClick={() => blinker.toggle(1)}
      >
        {blinker.isPlaying.value ? "❚❚ Pause" : "▶ Blink"}
      </button>
      <button type="button" aria-label="Previous image" onClick={() => state.step(-1)}>
        ◀
      </button>
      <button type="button" aria-label="Next image" onClick={() => state.step(1)}>
        ▶
      </button>
      <Choice label="rate" options={rates} value={blinker.rate} textOf={(rate) => `${rate}/s`} />
      <label class="check" title="Fast flashing can trigger seizures in people with photosensitive epilepsy.">
        <input
          type="checkbox"
          checked={blinker.isFast.value}
          onChange={(event) => {
            blinker.isFast.value = event.currentTarget.checked;
            if (!event.currentTarget.checked) blinker.rate.value = Math.min(SAFE_RATE, blinker.rate.value);
          }}
        />
        faster than 3/s (flashes)
      </label>
      <Choice
        label="align"
        options={ALIGNMENTS}
        value={state.alignment}
        textOf={(name) => (name === "pixels" ? "own pixels" : name)}
      />
      <Choice
        label="show"
        options={DIFFERENCES}
        value={state.difference}
        textOf={(name) =>
          name === "none" ? "images" : name === "stack" ? "minus the stack" : "minus the previous image"
        }
      />
      {/* only chosen pictures are announced, not those shown while blinking */}
      <span class="counter number" role="status" aria-live={blinker.isPlaying.value ? "off" : "polite"}>
        {state.index.value + 1} / {state.rows.length}
        {loaded < state.rows.length ? `, ${loaded} loaded` : ""}
        {state.left.value > 0 ? `, ${state.left.value} more being made` : ""}
      </span>
    </div>
  );
}
