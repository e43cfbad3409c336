import { COMBINATIONS, INTERPOLATIONS } from "@sbnsis/imaging";
import { useRef } from "preact/hooks";
import { Choice } from "../ui/choice.tsx";
import { isoOfMjd } from "../ui/sexagesimal.ts";
import { StackPicture } from "./stack-picture.tsx";
import { GROUPS, type Group, type StackState } from "./stack-state.ts";

/** The stack and its options, with sliders to try other motions while it is remade. */
export function StackPanel({ state }: { readonly state: StackState }) {
  const panel = useRef<HTMLElement>(null);
  const stacks = state.stacks.value;
  const stack = stacks[0]?.stack;
  const predicted = state.predicted.value;
  const motion = state.motion.value;
  const shown = motion ?? predicted ?? { rate: 0, pa: 0 };
  const most = Math.max(60, Math.ceil(3 * (predicted?.rate ?? 0)));
  return (
    <section class="panel" aria-labelledby="stack-title" ref={panel}>
      <h2 id="stack-title">
        {stack === undefined
          ? "Stack"
          : state.group.value === "nights"
            ? `Stacks of ${stacks.length} ${stacks.length === 1 ? "night" : "nights"}`
            : `Stack of ${stack.frames}`}
      </h2>
      {state.isOn.value ? null : (
        <button
          type="button"
          class="primary"
          onClick={() => {
            state.isOn.value = true;
            // the button, which has the focus, disappears
            panel.current?.querySelector("select")?.focus();
          }}
        >
          Stack (T)
        </button>
      )}
      {stack === undefined ? (
        state.isOn.value && state.fault.value === undefined ? (
          <p class="hint" role="status">
            Waiting for all images …
          </p>
        ) : null
      ) : (
        stacks.map(({ stack: each, begin }) => (
          <figure class="stack-figure" key={begin}>
            <StackPicture stack={each} />
            {state.group.value === "nights" ? (
              <figcaption class="number">
                {isoOfMjd(begin).slice(0, 16).replace("T", " ")}: {each.frames}{" "}
                {each.frames === 1 ? "image" : "images"}
              </figcaption>
            ) : null}
          </figure>
        ))
      )}
      {state.fault.value === undefined ? null : (
        <p class="failure" role="alert">
          {state.fault.value}
        </p>
      )}
      <div class="fields two">
        <Choice label="combine" options={COMBINATIONS} value={state.combine} />
        <Choice label="interpolation" options={INTERPOLATIONS} value={state.interpolation} />
        <Choice label="align" options={["object", "sky"] as const} value={state.align} />
        <Choice label="of" options={GROUPS} value={state.group} textOf={groupText} />
      </div>
      <Slider
        label="rate, ″/h"
        least={0}
        most={most}
        step={0.1}
        value={shown.rate}
        onValue={(rate) => {
          state.motion.value = { ...shown, rate };
        }}
      />
      <Slider
        label="position angle, °"
        least={0}
        most={360}
        step={0.5}
        value={shown.pa}
        onValue={(pa) => {
          state.motion.value = { ...shown, pa };
        }}
      />
      <Slider
        label="along the ellipse, σ"
        least={-3}
        most={3}
        step={0.05}
        value={state.along.value}
        onValue={(along) => {
          state.along.value = along;
        }}
      />
      <div class="row">
        <button
          type="button"
          aria-disabled={motion === undefined && state.along.value === 0}
          onClick={() => {
            state.motion.value = undefined;
            state.along.value = 0;
          }}
        >
          As predicted
        </button>
        <span class="hint number" data-stack-ms={stack?.milliseconds}>
          {stack === undefined ? "" : `${stack.milliseconds.toFixed(0)} ms`}
          {motion === undefined ? "" : " · one motion for all"}
        </span>
      </div>
    </section>
  );
}

/** A slider with a field for the same number. */
function Slider({
  label,
  least,
  most,
  step,
  value,
  onValue,
}: {
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
  readonly onValue: (value: number) => void;
}) {
  const change = (event: Event) => {
    const next = (event.currentTarget as HTMLInputElement).valueAsNumber;
    if (Number.isFinite(next)) onValue(next);
  };
  const shown = Number(value.toFixed(2));
  return (
    <div class="slider">
      <label>
        <span>{label}</span>
        <input type="range" min={least} max={most} step={step} value={value} onInput={change} />
      </label>
      <input type="number" aria-label={label} step="any" value={shown} onChange={change} />
    </div>
  );
}

function groupText(group: Group): string {
  return group === "all" ? group : group === "nights" ? "each night" : `this ${group}`;
}
