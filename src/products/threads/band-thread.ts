import { parentPort, workerData } from "node:worker_threads";
import { takeBands } from "@sbnsis/imaging";
import { type SourceAccess, Sources } from "../../archive/sources.ts";
import { checkpointOf } from "../../concurrency/cancellation.ts";
import { describeThrown } from "../../concurrency/threads.ts";
import { frameBands } from "../make/frame-bands.ts";
import { withSource } from "../request/source-file.ts";
import { takeOverviewBands } from "../tiles/overview/overview-job.ts";
import type { BandsTaken, NumberedTask } from "./band-helper.ts";
import { withTaskMemory } from "./task-memory.ts";
import { BELOW_TILES, lowerPriority } from "./thread-priority.ts";

// as the thread that makes the rest of the frame
lowerPriority(BELOW_TILES);

/** Everything that this thread reads from. */
const sources = new Sources(workerData as SourceAccess);

parentPort?.on("message", async (task: NumberedTask) => parentPort?.postMessage(await taken(task)));

async function taken({ id, source, image, job, cancelled, memory }: NumberedTask): Promise<BandsTaken> {
  const { location, identity } = source;
  try {
    const checkpoint = checkpointOf(cancelled);
    const bands = await withTaskMemory(memory, () =>
      withSource(sources, location, { identity }, (bytes) => {
        const frame = frameBands(bytes, image, checkpoint);
        return "kind" in job
          ? takeOverviewBands(frame, image, job, checkpoint)
          : takeBands(frame, job, { checkpoint });
      }),
    );
    return { id, bands };
  } catch (error) {
    return { id, ...describeThrown(error) };
  }
}
