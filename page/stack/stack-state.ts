import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Combination, Interpolation } from "@sbnsis/imaging";
import { workerUrl } from "../app/island.ts";
import type { CompareState } from "../compare/compare-state.ts";
import type { ComparedFrame } from "../compare/frames/compared-frame.ts";
import { type Subtrahend, stackSubtrahend } from "../compare/frames/difference.ts";
import { surveyOf } from "../ui/text.ts";
import type { MadeStack } from "./make-stack.ts";
import { planStack, type StackPlan } from "./stack-plan.ts";
import { Stacker } from "./stacker.ts";

/** Which frames are stacked, relative to the one shown. */
export const GROUPS = ["all", "night", "survey", "filter", "nights"] as const;
export type Group = (typeof GROUPS)[number];

/** A gap of this many days begins another night, as in the service. */
const NIGHT_GAP = 8 / 24;
/** Side of a stack, pixels. */
const STACK_SIDE = 121;

/** A stack, and the time of its first frame, MJD (UTC). */
export interface NamedStack {
  readonly stack: MadeStack;
  readonly begin: number;
}

/** Stacks of the frames of a set that are in use, remade whenever an input changes. */
export class StackState {
  readonly combine: Signal<Combination> = signal("median");
  readonly interpolation: Signal<Interpolation> = signal("cubic");
  readonly align: Signal<"object" | "sky"> = signal("object");
  readonly group: Signal<Group> = signal("all");
  /** Rate ("/h) and position angle (degrees) that replace the predicted motion. */
  readonly motion: Signal<{ readonly rate: number; readonly pa: number } | undefined> = signal(undefined);
  /** Offset along the ellipse, standard deviations. */
  readonly along: Signal<number> = signal(0);
  /** One stack, or one per night. */
  readonly stacks: Signal<readonly NamedStack[]> = signal([]);
  readonly fault: Signal<string | undefined> = signal(undefined);
  readonly isOn: Signal<boolean> = signal(false);
  /** The motion of the predicted positions, from the first to the last. */
  readonly predicted: ReadonlySignal<{ readonly rate: number; readonly pa: number } | undefined>;
  readonly #state: CompareState;
  readonly #stacker: Stacker;
  readonly #stop: () => void;
  /** 0 while frames are loading, 1 when all are loaded, 2 when all have exact values. */
  readonly #stage: ReadonlySignal<number>;
  #run = 0;

  constructor(state: CompareState) {
    this.#state = state;
    this.#stacker = new Stacker(workerUrl("stack"));
    this.#stage = computed(() => {
      const { loader } = state;
      loader.version.value;
      return loader.isDone ? (loader.isExact ? 2 : 1) : 0;
    });
    this.predicted = computed(() => {
      const frames = this.#frames();
      return frames.find(({ motion }) => motion !== undefined)?.motion;
    });
    this.#stop = effect(() => {
      if (state.difference.value === "stack") this.isOn.value = true;
      // the first stack when all frames are loaded, later ones as soon as an input changes
      if (!this.isOn.value || this.#stage.value === 0) return;
      for (const choice of [this.combine, this.interpolation, this.align, this.motion, this.along])
        choice.value;
      void this.#make();
    });
  }

  close(): void {
    this.#stop();
    this.#stacker.close();
  }

  /** Degrees per pixel of the stack of these frames. */
  get scale(): number {
    return Math.max(...this.#frames().map(({ scale }) => scale));
  }

  #frames(): readonly ComparedFrame[] {
    const { loader, leftOut, rows } = this.#state;
    this.#stage.value;
    const used = rows.flatMap(({ n }) => {
      const frame = loader.frames.get(n);
      // without a time, the position of the object in it is unknown
      return frame === undefined || leftOut.value.has(n) || Number.isNaN(frame.mid) ? [] : [frame];
    });
    const group = this.group.value;
    const current = group === "all" || group === "nights" ? undefined : this.#state.current.value;
    if (current === undefined) return used;
    if (group === "night")
      return nightsOf(used).find((night) => night.some(({ n }) => n === current.n)) ?? [];
    const nameOf = ({ row, cutout }: ComparedFrame) =>
      group === "survey" ? surveyOf(row.obs_id) : cutout.filter;
    return used.filter((frame) => nameOf(frame) === nameOf(current));
  }

  /** The frames of each stack: of one, or of one for each night. */
  get groups(): readonly (readonly ComparedFrame[])[] {
    const frames = this.#frames();
    return this.group.value === "nights" ? nightsOf(frames) : [frames];
  }

  async #make(): Promise<void> {
    const run = ++this.#run;
    const { groups } = this;
    const made: NamedStack[] = [];
    let below: ((frame: ComparedFrame) => Subtrahend) | undefined;
    try {
      for (const group of groups) {
        const plan = this.#planOf(group);
        if (plan === undefined) continue;
        for (const { n, cutout, wcs } of group) this.#stacker.add(n, { image: cutout.image, wcs });
        const order = { combine: this.combine.peek(), interpolation: this.interpolation.peek() };
        const stack = await this.#stacker.stack({ ...order, planes: plan.planes });
        // a newer order replaced this one
        if (stack === undefined || run !== this.#run) return;
        made.push({ stack, begin: Math.min(...group.map(({ mid }) => mid)) });
        below ??= this.#below(stack, plan);
      }
      this.fault.value = made.length === 0 ? "No frame is left to stack." : undefined;
      this.stacks.value = made;
      this.#state.stackBelow.value = below;
    } catch (error) {
      this.fault.value = error instanceof Error ? error.message : String(error);
    }
  }

  #planOf(frames: readonly ComparedFrame[]): StackPlan | undefined {
    return planStack(frames, {
      align: this.align.peek(),
      motion: this.motion.peek(),
      along: this.along.peek(),
      side: STACK_SIDE,
    });
  }

  /** The stack to subtract from a frame: aligned with the object in it, or with its stars. */
  #below(stack: MadeStack, { planes, scale, reference }: StackPlan) {
    const places = new Map(planes.map(({ n, plane }) => [n, plane]));
    const isOnObject = this.align.peek() === "object";
    return ({ n, object }: ComparedFrame) => {
      const { ra, dec } = places.get(n) ?? (isOnObject ? object : reference);
      return stackSubtrahend(stack, { ra, dec, scale });
    };
  }
}

/** Groups frames by night: a gap of more than eight hours begins another night. */
function nightsOf(frames: readonly ComparedFrame[]): readonly (readonly ComparedFrame[])[] {
  const sorted = [...frames].sort((a, b) => a.mid - b.mid);
  const nights: ComparedFrame[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const frame of sorted) {
    if (frame.mid - last > NIGHT_GAP) nights.push([]);
    nights.at(-1)!.push(frame);
    last = frame.mid;
  }
  return nights;
}
