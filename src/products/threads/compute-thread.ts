import { parentPort, workerData } from "node:worker_threads";
import type { ByteSource } from "@sbnsis/fits";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { isRemote } from "../../archive/remote-target.ts";
import { sameState } from "../../archive/source-identity.ts";
import { Sources, type SourceUse } from "../../archive/sources.ts";
import { checkpointOf, untilCancelled } from "../../concurrency/cancellation.ts";
import { describeThrown, type ThrownByThread } from "../../concurrency/threads.ts";
import { withTraceFields } from "../../observe/trace-fields.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { describeFrame, type FrameDescription } from "../frame-description.ts";
import { makeCutout } from "../make/cutout/make-cutout.ts";
import { makeHeader } from "../make/cutout/make-header.ts";
import { makeColor } from "../make/make-color.ts";
import { makePicture } from "../make/make-picture.ts";
import { type SourceFile, withSource } from "../request/source-file.ts";
import { makeBlink } from "../stack/make-blink.ts";
import { makeStack, type UseSource } from "../stack/make-stack.ts";
import { makeTiles } from "../tiles/make-tiles.ts";
import type { OverviewJob } from "../tiles/overview/overview-job.ts";
import { BandHelper } from "./band-helper.ts";
import type {
  ColorTask,
  ComputeResult,
  ComputeTask,
  CutoutTask,
  DescribeTask,
  HeaderTask,
  PictureTask,
  StackTask,
  ThreadData,
  ThreadWarning,
  TilesTask,
} from "./compute-task.ts";
import { dropLargeBuffers, withTaskMemory } from "./task-memory.ts";
import { lowerPriority } from "./thread-priority.ts";

const { access, niceness } = workerData as ThreadData;
lowerPriority(niceness);

/** Everything that this thread reads from; its connections end with it. */
const sources = new Sources(access);

/** For whole frames of local files. */
const helper = new BandHelper(access, (warning) =>
  parentPort?.postMessage({ warning } satisfies ThreadWarning),
);

/**
 * Runs a task in a thread of the compute pool: the bytes of a product are transferred, not copied;
 * errors are returned as plain data.
 */
export async function runInThread<T extends ComputeTask>(
  task: T,
): Promise<{ readonly value: ComputeResult<T> } | ThrownByThread> {
  try {
    sources.trust(task.redirectHosts ?? []);
    const value = await withTraceFields(task.trace, () => execute(task));
    await dropLargeBuffers();
    const outcome = { value: value as ComputeResult<T> };
    if (value === undefined || !("bytes" in value)) return outcome;
    return move({
      [valueSymbol]: outcome,
      [transferableSymbol]: value.bytes.buffer,
    }) as unknown as typeof outcome;
  } catch (error) {
    // reading its stack, which names the frames that it passed through, releases what they refer to
    const thrown = describeThrown(error);
    await dropLargeBuffers();
    return thrown;
  }
}

/** The task of a thread that is started before it is needed: to load this module. */
export function start(): void {}

function execute(task: ComputeTask): Promise<FrameDescription | CachedFile | undefined> {
  const checkpoint = checkpointOf(task.cancelled);
  return withTaskMemory(task.memory, (memory) =>
    untilCancelled(task.cancelled, (signal): Promise<FrameDescription | CachedFile | undefined> => {
      const use = { kind: "image" as const, signal, memory, checkpoint };
      switch (task.kind) {
        case "describe":
          return describe(task, use);
        case "cutout":
          return cutout(task, use);
        case "header":
          return header(task, use);
        case "picture":
          return picture(task, use);
        case "stack":
          return stack(task, use);
        case "colour":
          return color(task, use);
        case "tiles":
          return tiles(task, use);
      }
    }),
  );
}

function describe(
  { location, identity, known, preferredHdu }: DescribeTask,
  use: SourceUse,
): Promise<FrameDescription | undefined> {
  const inState = identity === undefined ? use : { ...use, identity };
  return withSource(sources, location, inState, async (bytes, found) =>
    known !== undefined && sameState(known, found) && known.hasWeakTime === found.hasWeakTime
      ? undefined
      : describeFrame(bytes, { location, identity: found }, preferredHdu),
  );
}

function cutout({ plan, path, cancelled }: CutoutTask, use: SourceUse): Promise<CachedFile> {
  const { location, identity } = plan.source;
  return withSource(sources, location, { ...use, identity }, (bytes) =>
    makeCutout(bytes, plan, path, checkpointOf(cancelled)),
  );
}

function header({ source, preferredHdu, path }: HeaderTask, use: SourceUse): Promise<CachedFile> {
  const { location, identity } = source;
  return withSource(sources, location, { ...use, identity }, (bytes) =>
    makeHeader(bytes, preferredHdu, path),
  );
}

function color({ plan, path, cancelled }: ColorTask, use: SourceUse): Promise<CachedFile> {
  return makeColor(
    ({ source: { location, identity } }, work) => withSource(sources, location, { ...use, identity }, work),
    plan,
    path,
    checkpointOf(cancelled),
  );
}

function tiles({ plan, path, cancelled, memory }: TilesTask, use: SourceUse): Promise<CachedFile> {
  const { image, source } = plan;
  const { location, identity } = source;
  return withSource(sources, location, { ...use, identity }, async (bytes) => {
    const help = (job: OverviewJob) =>
      helper.take({ source, image, job, cancelled, ...(memory && { memory }) });
    const isHelped = plan.kind === "overview" && (await isUnpacked(bytes, source));
    return makeTiles(bytes, plan, path, checkpointOf(cancelled), isHelped ? help : undefined);
  });
}

function picture({ plan, path, cancelled, memory }: PictureTask, use: SourceUse): Promise<CachedFile> {
  const { location, identity } = plan.source;
  return withSource(sources, location, { ...use, identity }, async (bytes) => {
    const isHelped = await isUnpacked(bytes, plan.source);
    return makePicture(bytes, plan, path, cancelled, isHelped ? helper : undefined, memory);
  });
}

/** Whether another thread may read a file: one compressed as a whole would be unpacked twice. */
async function isUnpacked(bytes: ByteSource, { location, identity }: SourceFile): Promise<boolean> {
  return !isRemote(location) && (await bytes.size()) === identity.size;
}

function stack({ plan, path, cancelled }: StackTask, use: SourceUse): Promise<CachedFile> {
  const useSource: UseSource = ({ location, identity }, work) =>
    withSource(sources, location, { ...use, identity }, work);
  return plan.kind === "stack"
    ? makeStack(useSource, plan, path, cancelled)
    : makeBlink(useSource, plan, path, cancelled);
}
