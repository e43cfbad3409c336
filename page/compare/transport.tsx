import { SAFE_RATE } from "./blinker.ts";
import type { CompareState } from "./compare-state.ts";
import { ALIGNMENTS, type Alignment } from "./compared-frame.ts";
import { DIFFERENCES, type Difference } from "./difference.ts";

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
      <label>
        rate{" "}
        <select
          value={blinker.rate.value}
          onChange={(event) => {
            blinker.rate.value = Number(event.currentTarget.value);
          }}
        >
          {rates.map((rate) => (
            <option key={rate} value={rate}>
              {rate}/s
            </option>
          ))}
        </select>
      </label>
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
      <label>
        align{" "}
        <select
          value={state.alignment.value}
          onChange={(event) => {
            state.alignment.value = event.currentTarget.value as Alignment;
          }}
        >
          {ALIGNMENTS.map((name) => (
            <option key={name} value={name}>
              {name === "pixels" ? "own pixels" : name}
            </option>
          ))}
        </select>
      </label>
      <label>
        show{" "}
        <select
          value={state.difference.value}
          onChange={(event) => {
            state.difference.value = event.currentTarget.value as Difference;
          }}
        >
          {DIFFERENCES.map((name) => (
            <option key={name} value={name}>
              {name === "none" ? "images" : name === "stack" ? "minus the stack" : "minus the previous image"}
            </option>
          ))}
        </select>
      </label>
      {/* only chosen pictures are announced, not those shown while blinking */}
      <span class="counter number" role="status" aria-live={blinker.isPlaying.value ? "off" : "polite"}>
        {state.index.value + 1} / {state.rows.length}
        {loaded < state.rows.length ? `, ${loaded} loaded` : ""}
        {state.left.value > 0 ? `, ${state.left.value} more being made` : ""}
      </span>
    </div>
  );
}
