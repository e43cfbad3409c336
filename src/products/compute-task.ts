import type { LocalFile } from "../storage/local-file.ts";
import type { FrameDescription } from "./frame-description.ts";
import type { CutoutPlan } from "./plan-cutout.ts";
import type { PicturePlan } from "./plan-picture.ts";
import type { CachedFile } from "./product-cache.ts";

/** Read headers, coordinate system and tile table of a frame. */
export interface DescribeTask {
  readonly kind: "describe";
  readonly source: LocalFile;
  /** HDU that the survey's profile names, from 0. */
  readonly preferredHdu: number;
}

/** Execute a plan: read, decode, encode, write and rename. */
export interface CutoutTask {
  readonly kind: "cutout";
  readonly plan: CutoutPlan;
  /** Where the product shall lie. */
  readonly path: string;
}

/** Execute the plan of a picture. */
export interface PictureTask {
  readonly kind: "picture";
  readonly plan: PicturePlan;
  /** Where the product shall lie. */
  readonly path: string;
  /** Over shared memory: set to 1 when nobody waits for the picture any more. */
  readonly cancelled: Int32Array;
}

export type ComputeTask = DescribeTask | CutoutTask | PictureTask;

export type ComputeResult<T extends ComputeTask> = T extends DescribeTask ? FrameDescription : CachedFile;
