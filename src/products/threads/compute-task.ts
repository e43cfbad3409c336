import type { SourceIdentity } from "../../archive/source-identity.ts";
import type { SourceAccess } from "../../archive/sources.ts";
import type { TraceFields } from "../../observe/trace-fields.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import type { FrameDescription } from "../frame-description.ts";
import type { ColorPlan } from "../plan/plan-color.ts";
import type { CutoutPlan } from "../plan/plan-cutout.ts";
import type { PicturePlan } from "../plan/plan-picture.ts";
import type { SourceFile } from "../request/source-file.ts";
import type { BlinkPlan, StackPlan } from "../stack/plan-stack.ts";
import type { TilePlan } from "../tiles/tile-plan.ts";
import type { TaskMemory } from "./memory-budget.ts";

/** Properties of every task. */
interface Cancellable {
  /** In shared memory: set to 1 when nobody is waiting for the outcome any more. */
  readonly cancelled: Int32Array;
  /** Hosts that redirects of archives may lead to, as `host:port`. */
  readonly redirectHosts?: readonly string[];
  /** Counts what the task takes of the shared memory budget; set by the pool. */
  readonly memory?: TaskMemory;
  /** The trace that its requests to archives continue; set by the pool. */
  readonly trace?: TraceFields;
}

/** Reads headers, coordinate system and tile table of a frame. */
export interface DescribeTask extends Cancellable {
  readonly kind: "describe";
  /** Absolute path or URL. */
  readonly location: string;
  /** The state that the file must be in. */
  readonly identity?: SourceIdentity;
  /** The state that was already described: if it is unchanged, the outcome is undefined. */
  readonly known?: SourceIdentity;
  /** HDU that the survey's profile names, from 0. */
  readonly preferredHdu: number;
}

/** Executes the plan of a cutout: read, decode, encode, write and rename. */
export interface CutoutTask extends Cancellable {
  readonly kind: "cutout";
  readonly plan: CutoutPlan;
  /** Where to store the product. */
  readonly path: string;
}

/** Writes the header of a file's image as text. */
export interface HeaderTask extends Cancellable {
  readonly kind: "header";
  /** The file in the state that it must be in. */
  readonly source: SourceFile;
  /** HDU that the survey's profile names, from 0. */
  readonly preferredHdu: number;
  /** Where to store the product. */
  readonly path: string;
}

/** Executes the plan of a picture. */
export interface PictureTask extends Cancellable {
  readonly kind: "picture";
  readonly plan: PicturePlan;
  /** Where to store the product. */
  readonly path: string;
}

/** Executes the plan of a stack or an animation. */
export interface StackTask extends Cancellable {
  readonly kind: "stack";
  readonly plan: StackPlan | BlinkPlan;
  /** Where to store the product. */
  readonly path: string;
}

/** Executes the plan of tiles. */
export interface TilesTask extends Cancellable {
  readonly kind: "tiles";
  readonly plan: TilePlan;
  /** Where to store the product. */
  readonly path: string;
}

/** Executes the plan of a color picture. */
export interface ColorTask extends Cancellable {
  readonly kind: "colour";
  readonly plan: ColorPlan;
  /** Where to store the product. */
  readonly path: string;
}

export type ComputeTask =
  | DescribeTask
  | CutoutTask
  | HeaderTask
  | PictureTask
  | StackTask
  | ColorTask
  | TilesTask;

export type ComputeResult<T extends ComputeTask> = T extends DescribeTask
  ? FrameDescription | undefined
  : CachedFile;

/** What a thread of a pool is started with. */
export interface ThreadData {
  /** What it may read. */
  readonly access: SourceAccess;
  /** See lowerPriority. */
  readonly niceness: number;
}

/** A message from a thread other than the outcome of a task: a warning for the log. */
export interface ThreadWarning {
  readonly warning: string;
}
