import type { ByteRange, ByteSource } from "../fits/byte-source.ts";
import { rangeViews } from "./check-range.ts";

/** When ranges are near enough to be read as one. */
export interface Coalescing {
  /** Bytes between two ranges that are rather read and thrown away than cost another request. */
  readonly gapBytes: number;
  /** Ranges are not merged beyond this length. A single longer range is still read as it is. */
  readonly maximumBytes: number;
}

interface Placed {
  readonly range: ByteRange;
  readonly view: Uint8Array;
}

/** A source that merges near and overlapping ranges of one read before it asks the source below. */
export function coalescingSource(source: ByteSource, coalescing: Coalescing): ByteSource {
  return {
    size: (options) => source.size(options),
    async read(ranges, options = {}) {
      const views = rangeViews(ranges, options.into);
      const placed = ranges.map((range, i): Placed => ({ range, view: views[i] as Uint8Array }));
      const groups = groupNear(placed, coalescing);
      const signal = options.signal === undefined ? {} : { signal: options.signal };
      const read = await source.read(groups.map(spanOf), signal);
      for (const [i, group] of groups.entries()) scatter(group, read[i] as Uint8Array);
      return views;
    },
  };
}

/** Groups of ranges that are read together, by offset. */
function groupNear(
  placed: readonly Placed[],
  { gapBytes, maximumBytes }: Coalescing,
): readonly (readonly Placed[])[] {
  const groups: Placed[][] = [];
  let end = 0;
  for (const next of placed.toSorted((a, b) => a.range.offset - b.range.offset)) {
    const { offset, length } = next.range;
    const group = groups.at(-1);
    const start = group?.[0]?.range.offset ?? offset;
    if (group !== undefined && offset <= end + gapBytes && offset + length - start <= maximumBytes) {
      group.push(next);
      end = Math.max(end, offset + length);
    } else {
      groups.push([next]);
      end = offset + length;
    }
  }
  return groups;
}

function spanOf(group: readonly Placed[]): ByteRange {
  const offset = group[0]?.range.offset ?? 0;
  const end = Math.max(...group.map(({ range }) => range.offset + range.length));
  return { offset, length: end - offset };
}

function scatter(group: readonly Placed[], bytes: Uint8Array): void {
  const start = group[0]?.range.offset ?? 0;
  for (const { range, view } of group) {
    view.set(bytes.subarray(range.offset - start, range.offset - start + range.length));
  }
}
