import { effect } from "@preact/signals";
import { COMBINATIONS, INTERPOLATIONS } from "@sbnsis/imaging";
import { parameter, replaceParameters } from "../app/address.ts";
import type { MeasureTool } from "../measure/measure-tool.ts";
import { measurementsOf, measurementsText } from "../measure/measurement.ts";
import { GROUPS, type StackState } from "../stack/stack-state.ts";
import { decimalsOf, numbersOf, rangesText } from "../ui/written-numbers.ts";
import {
  displayChanges,
  displayOf,
  flagOf,
  levelsOf,
  levelsText,
  numberOfAddress,
} from "../viewer/view-address.ts";
import { type CompareState, type CutMode, MARKS, type MarkName } from "./compare-state.ts";
import { ALIGNMENTS } from "./frames/compared-frame.ts";
import { DIFFERENCES } from "./frames/difference.ts";

/** Letters that stand for the marks in an address. */
const LETTERS: Readonly<Record<MarkName, string>> = {
  object: "o",
  ellipse: "e",
  motion: "m",
  sun: "s",
  velocity: "v",
  trail: "t",
  compass: "n",
};
const DEFAULT_MARKS = "oemstn";

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** Restores the state in the address. Errors: a RangeError that names what cannot be read. */
export function restoreCompareState(state: CompareState, stack: StackState, tool: MeasureTool): void {
  const { view } = state;
  view.display.value = displayOf(parameter);
  state.alignment.value = oneOf("align", parameter("align") ?? "object", ALIGNMENTS);
  state.difference.value = oneOf("diff", parameter("diff") ?? "none", DIFFERENCES);
  const cut = parameter("cut");
  if (cut !== undefined) state.cut.value = cutOf(cut);
  const letters = parameter("marks");
  if (letters !== undefined) state.marks.value = marksOf(letters);
  const off = parameter("off");
  if (off !== undefined) state.leftOut.value = new Set(numbersOf(off));
  const i = numberOfAddress("i", parameter("i"));
  if (i !== undefined) state.index.value = Math.min(state.rows.length - 1, Math.max(0, Math.round(i) - 1));
  state.blinker.rate.value = Math.min(3, numberOfAddress("rate", parameter("rate")) ?? 2);
  const z = numberOfAddress("z", parameter("z"));
  const offset = pairOf("off_at", parameter("off_at"), "two offsets in arcseconds");
  view.camera.value = {
    ...view.camera.value,
    ...(offset !== undefined && { u: offset[0], v: offset[1] }),
    ...(z !== undefined && { scale: Math.min(view.limits.most, Math.max(view.limits.least, z)) }),
    turn: numberOfAddress("rot", parameter("rot")) ?? 0,
    isMirrored: flagOf("flip", parameter("flip")),
  };
  tool.measurements.value = measurementsOf(parameter("m") ?? "");
  restoreStack(stack);
}

function restoreStack(stack: StackState): void {
  const text = parameter("stack");
  if (text === undefined) return;
  const [combine = "median", interpolation = "cubic", align = "object", group = "all"] = text.split(",");
  stack.isOn.value = true;
  stack.combine.value = oneOf("stack", combine, COMBINATIONS);
  stack.interpolation.value = oneOf("stack", interpolation, INTERPOLATIONS);
  stack.align.value = oneOf("stack", align, ["object", "sky"] as const);
  stack.group.value = oneOf("stack", group, GROUPS);
  const along = numberOfAddress("along", parameter("along"));
  if (along !== undefined) stack.along.value = along;
  const motion = pairOf("motion", parameter("motion"), "rate,position angle");
  if (motion === undefined) return;
  const [rate, pa] = motion;
  if (rate < 0) throw new RangeError(`motion=${parameter("motion")} has a rate below 0`);
  stack.motion.value = { rate, pa };
}

/** Two numbers of an address. Errors: a RangeError that names what cannot be read. */
function pairOf(name: string, text: string | undefined, what: string): readonly [number, number] | undefined {
  if (text === undefined) return undefined;
  const numbers = decimalsOf(text, 2);
  if (numbers === undefined) throw new RangeError(`${name}=${text} is not ${what}`);
  return [numbers[0]!, numbers[1]!];
}

/** Marks by their letters; "-" for none. Errors: a RangeError that names an unknown letter. */
function marksOf(letters: string): ReadonlySet<MarkName> {
  const known = [...Object.values(LETTERS), "-"];
  const other = [...letters].find((letter) => !known.includes(letter));
  if (other !== undefined) throw new RangeError(`marks=${letters} has ${other}, which is not a mark`);
  return new Set(MARKS.filter((name) => letters.includes(LETTERS[name])));
}

function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found === undefined)
    throw new RangeError(`${name} has ${text}, which is not one of ${known.join(", ")}`);
  return found;
}

function cutOf(text: string): CutMode {
  if (text === "match" || text === "zscale" || text === "percentile") return text;
  const levels = levelsOf(text);
  if (levels === undefined) throw new RangeError(`cut=${text} is not match, zscale, percentile or low,high`);
  return levels;
}

/** Keeps the address in step with the view; returns the function that stops this. */
export function keepCompareState(state: CompareState, stack: StackState, tool: MeasureTool): () => void {
  let isFirst = true;
  return effect(() => {
    const { u, v, scale, turn, isMirrored } = state.view.camera.value;
    const cut = state.cut.value;
    const marks = MARKS.filter((name) => state.marks.value.has(name)).map((name) => LETTERS[name]);
    const text = marks.join("");
    const isDefault = [...text].sort().join("") === [...DEFAULT_MARKS].sort().join("");
    const motion = stack.motion.value;
    const changes = {
      ...displayChanges(state.view.display.value),
      i: state.index.value === 0 ? undefined : String(state.index.value + 1),
      align: state.alignment.value === "object" ? undefined : state.alignment.value,
      diff: state.difference.value === "none" ? undefined : state.difference.value,
      cut: cut === "match" ? undefined : typeof cut === "string" ? cut : levelsText(cut),
      marks: isDefault ? undefined : text || "-",
      off: state.leftOut.value.size === 0 ? undefined : rangesText([...state.leftOut.value]),
      rate: state.blinker.rate.value === 2 ? undefined : String(state.blinker.rate.value),
      // with fewer digits, pixels at the edges of frame pixels would get other values
      z: String(Number(scale.toPrecision(7))),
      off_at: Math.hypot(u, v) < 0.0005 ? undefined : `${short(u, 3)},${short(v, 3)}`,
      rot: turn % 360 === 0 ? undefined : short(turn % 360, 2),
      flip: isMirrored ? "true" : undefined,
      m: measurementsText(tool.measurements.value) || undefined,
      stack: stack.isOn.value
        ? [stack.combine.value, stack.interpolation.value, stack.align.value, stack.group.value].join(",")
        : undefined,
      motion: motion === undefined ? undefined : `${short(motion.rate, 2)},${short(motion.pa, 2)}`,
      along: stack.along.value === 0 ? undefined : short(stack.along.value, 2),
    };
    // the initial state needs no address; while blinking, the current image is not written to it
    if (isFirst || state.blinker.isPlaying.value) {
      isFirst = false;
      return;
    }
    replaceParameters(changes);
  });
}
