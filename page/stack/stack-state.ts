import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Combination, Interpolation } from "@sbnsis/imaging";
import { workerUrl } from "../app/island.ts";
import type { CompareState } from "../compare/compare-state.ts";
import type { ComparedFrame } from "../compare/compared-frame.ts";
import { surveyOf } from "../viewer/survey.ts";
import type { MadeStack } from "./make-stack.ts";
import { planStack } from "./stack-plan.ts";
import { Stacker } from "./stacker.ts";

/** Which frames are stacked, relative to the one in the picture. */
export const GROUPS = ["all", "night", "survey", "filter"] as const;
export type Group = (typeof GROUPS)[number];

/** A gap of so many days begins another night, as in the service. */
const NIGHT_GAP = 8 / 24;
/** Side of a stack, pixels. */
const STACK_SIDE = 121;

/** A stack of the frames of a set that are in use, made again whenever something of it changes. */
export class StackState {
  readonly combine: Signal<Combination> = signal("median");
  readonly interpolation: Signal<Interpolation> = signal("cubic");
  readonly align: Signal<"object" | "sky"> = signal("object");
  readonly group: Signal<Group> = signal("all");
  /** Rate ("/h) and position angle (degrees) instead of those of the prediction. */
  readonly motion: Signal<{ readonly rate: number; readonly pa: number } | undefined> = signal(undefined);
  /** Offset along the ellipse, standard deviations. */
  readonly along: Signal<number> = signal(0);
  readonly stack: Signal<MadeStack | undefined> = signal(undefined);
  readonly fault: Signal<string | undefined> = signal(undefined);
  readonly isOn: Signal<boolean> = signal(false);
  /** The motion that the predicted places have by themselves, from the first to the last. */
  readonly predicted: ReadonlySignal<{ readonly rate: number; readonly pa: number } | undefined>;
  readonly #state: CompareState;
  readonly #stacker: Stacker;
  readonly #stop: () => void;

  constructor(state: CompareState) {
    this.#state = state;
    this.#stacker = new Stacker(workerUrl("stack"));
    this.predicted = computed(() => {
      const frames = this.#frames();
      return frames.find(({ motion }) => motion !== undefined)?.motion;
    });
    this.#stop = effect(() => {
      if (!this.isOn.value || !this.#hasEnough()) return;
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

  /** Makes the first stack when all frames are there, and others as soon as something changes. */
  #hasEnough(): boolean {
    this.#state.loader.version.value;
    return this.#state.loader.isDone;
  }

  #frames(): readonly ComparedFrame[] {
    const { loader, leftOut, rows } = this.#state;
    loader.version.value;
    const used = rows.flatMap(({ n }) => {
      const frame = loader.frames.get(n);
      return frame === undefined || leftOut.value.has(n) ? [] : [frame];
    });
    const group = this.group.value;
    const current = group === "all" ? undefined : this.#state.current.value;
    if (current === undefined) return used;
    if (group === "night") return nightOf(used, current);
    const nameOf = ({ row, cutout }: ComparedFrame) =>
      group === "survey" ? surveyOf(row.obs_id) : cutout.filter;
    return used.filter((frame) => nameOf(frame) === nameOf(current));
  }

  async #make(): Promise<void> {
    const frames = this.#frames();
    const plan = planStack(frames, {
      align: this.align.value,
      motion: this.motion.value,
      along: this.along.value,
      side: STACK_SIDE,
    });
    const order = { combine: this.combine.value, interpolation: this.interpolation.value };
    if (plan === undefined) {
      this.stack.value = undefined;
      this.fault.value = "No frame is left to stack.";
      return;
    }
    for (const frame of frames) this.#stacker.add(frame.n, { image: frame.cutout.image, wcs: frame.wcs });
    try {
      const stack = await this.#stacker.stack({ ...order, planes: plan.planes });
      if (stack === undefined) return;
      this.stack.value = stack;
      this.fault.value = undefined;
    } catch (error) {
      this.fault.value = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Frames of the night of one of them: no gap of more than eight hours in between. */
function nightOf(frames: readonly ComparedFrame[], current: ComparedFrame): readonly ComparedFrame[] {
  const sorted = [...frames].sort((a, b) => a.mid - b.mid);
  const nights: ComparedFrame[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const frame of sorted) {
    if (frame.mid - last > NIGHT_GAP) nights.push([]);
    nights.at(-1)!.push(frame);
    last = frame.mid;
  }
  return nights.find((night) => night.some(({ n }) => n === current.n)) ?? [];
}
