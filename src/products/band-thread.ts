import { parentPort, workerData } from "node:worker_threads";
import { missingOf, takeBands } from "../imaging/level-job.ts";
import { type SourceAccess, Sources } from "../storage/sources.ts";
import type { BandsTaken, BandTask } from "./band-helper.ts";
import { checkpointOf } from "./cancel-flag.ts";
import { frameBands } from "./frame-bands.ts";
import { describeThrown } from "./thrown-by-thread.ts";
import { withSource } from "./with-source.ts";

/** All that this thread reads from. */
const sources = new Sources(workerData as SourceAccess);

parentPort?.on("message", async (task: BandTask) => parentPort?.postMessage(await taken(task)));

async function taken({ source, image, job, cancelled }: BandTask): Promise<BandsTaken> {
  const { location, identity } = source;
  try {
    const missing = await withSource(sources, location, { identity }, (bytes) => {
      const frame = frameBands(bytes, image);
      return takeBands(frame, job, checkpointOf(cancelled), missingOf(job, frame));
    });
    return { missing };
  } catch (error) {
    return describeThrown(error);
  }
}
