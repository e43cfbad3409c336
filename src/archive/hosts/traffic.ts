import type { ByteSource } from "@sbnsis/fits";

/** The cost of reading. */
export interface Traffic {
  /** Number of requests, or of ranges where there are no requests. */
  requests: number;
  bytes: number;
}

/** Counts what is read from a source: each range is a request. */
export function countingSource(source: ByteSource, traffic: Traffic): ByteSource {
  return {
    size: (options) => source.size(options),
    read: (ranges, options) => {
      traffic.requests += ranges.length;
      for (const { length } of ranges) traffic.bytes += length;
      return source.read(ranges, options);
    },
  };
}
