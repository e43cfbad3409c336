import type { Samples } from "../http/metrics/samples.ts";
import { tellParent, type WorkerCommand } from "./protocol.ts";

const METRICS_TIMEOUT_MS = 1_000;

let asked = 0;

/** Values for monitoring of all processes of this service but this one; none when no master answers in time. */
export function otherSamples(): Promise<Samples> {
  const id = ++asked;
  return new Promise((resolve) => {
    const end = (samples: Samples) => {
      clearTimeout(late);
      process.off("message", hear);
      resolve(samples);
    };
    const hear = (command: WorkerCommand) => {
      if (command.type === "metrics" && command.id === id) end(command.samples);
    };
    const late = setTimeout(() => end({}), METRICS_TIMEOUT_MS);
    process.on("message", hear);
    if (!tellParent({ type: "metrics-wanted", id })) end({});
  });
}
