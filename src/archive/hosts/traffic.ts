import type { ByteSource } from "@sbnsis/fits";

/** What reading cost. */
export interface Traffic {
  /** Requests, or ranges where there are no requests. */
  requests: number;
  bytes: number;
}

/** A source that counts what is asked of the one below: each range is a request. */
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
