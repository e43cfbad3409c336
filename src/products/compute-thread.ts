import type { ComputeResult, ComputeTask, CutoutTask, DescribeTask, PictureTask } from "./compute-task.ts";
import { describeFrame, type FrameDescription } from "./frame-description.ts";
import { makeCutout } from "./make-cutout.ts";
import { makePicture } from "./make-picture.ts";
import type { CachedFile } from "./product-cache.ts";
import { describeThrown, type ThrownByThread } from "./thrown-by-thread.ts";
import { withSource } from "./with-source.ts";

/** What a thread of the compute pool does with each task; errors come back as plain data. */
export async function runInThread<T extends ComputeTask>(
  task: T,
): Promise<{ readonly value: ComputeResult<T> } | ThrownByThread> {
  try {
    return { value: (await execute(task)) as ComputeResult<T> };
  } catch (error) {
    return describeThrown(error);
  }
}

function execute(task: ComputeTask): Promise<FrameDescription | CachedFile> {
  switch (task.kind) {
    case "describe":
      return describe(task);
    case "cutout":
      return cutout(task);
    case "picture":
      return picture(task);
  }
}

function describe({ source, preferredHdu }: DescribeTask): Promise<FrameDescription> {
  return withSource(source, (bytes) => describeFrame(bytes, source, preferredHdu));
}

function cutout({ plan, path }: CutoutTask): Promise<CachedFile> {
  return withSource(plan.source, (bytes) => makeCutout(bytes, plan, path));
}

function picture({ plan, path, cancelled }: PictureTask): Promise<CachedFile> {
  return withSource(plan.source, (bytes) => makePicture(bytes, plan, path, cancelled));
}
