// A thread of bench/engines/codecs.ts: decodes its part of the tiles of a frame into its own
// memory, on request.
import { parentPort, workerData } from "node:worker_threads";
import { compressedFrame } from "./compressed-frame.ts";
import { decodeFrame, newPixels, sumOf } from "./decode-frame.ts";

/** Input of a thread: thread `part` of `parts`. */
export interface CodecThreadData {
  readonly path: string;
  readonly part: number;
  readonly parts: number;
}

const { path, part, parts } = workerData as CodecThreadData;
const whole = compressedFrame(path);
const tiles = whole.offsets.length;
const [first, end] = [part, part + 1].map((k) => Math.floor((tiles * k) / parts)) as [number, number];
const out = newPixels(whole, end - first);
parentPort!.on("message", (wanted: "pixels" | "sum") => {
  if (wanted === "pixels") decodeFrame(whole, out, first, end);
  parentPort!.postMessage(wanted === "sum" ? sumOf(out) : 0);
});
parentPort!.postMessage(0);
