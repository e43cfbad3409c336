import { type CompareState, MARKS, type MarkName } from "../../compare/compare-state.ts";

const NAMES: Readonly<Record<MarkName, string>> = {
  object: "object",
  ellipse: "uncertainty ellipse",
  motion: "motion",
  sun: "☉ to the Sun",
  velocity: "velocity",
  trail: "trail",
  compass: "N, E, scale",
};

/** Chooses which predictions are drawn. */
export function MarksPanel({ state }: { readonly state: CompareState }) {
  const sigma = state.current.value?.row.unc_sigma;
  return (
    <section class="panel" aria-labelledby="marks-title">
      <h2 id="marks-title">Marks</h2>
      <div class="row checks">
        {MARKS.map((name) => (
          <label class="check" key={name}>
            <input
              type="checkbox"
              checked={state.marks.value.has(name)}
              onChange={() => state.toggleMark(name)}
            />
            {name === "ellipse" && sigma ? `${sigma}σ ellipse` : NAMES[name]}
          </label>
        ))}
      </div>
    </section>
  );
}
