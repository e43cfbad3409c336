import type { ByteRange, ByteSource } from "@sbnsis/fits";
import { rangeViews } from "@sbnsis/fits/internal";

/** When ranges are close enough to be read as one. */
export interface Coalescing {
  /**
   * Largest gap between two ranges that is cheaper to read and discard than another request, in
   * bytes.
   */
  readonly gapBytes: number;
  /** Ranges are not merged beyond this length. A single longer range is still read as it is. */
  readonly maximumBytes: number;
}

/** A range with its index among those requested. */
interface Placed extends ByteRange {
  readonly index: number;
}

/**
 * Merges nearby and overlapping ranges of one read before they are read from the underlying source.
 */
export function coalescingSource(source: ByteSource, coalescing: Coalescing): ByteSource {
  return {
    size: (options) => source.size(options),
    async read(ranges, options = {}) {
      const groups = groupNear(ranges, coalescing);
      // nothing to merge, so nothing needs to be copied
      if (groups.length === ranges.length) return source.read(ranges, options);
      const views = rangeViews(ranges, options.into);
      const signal = options.signal === undefined ? {} : { signal: options.signal };
      const read = await source.read(groups.map(spanOf), signal);
      for (const [i, group] of groups.entries()) scatter(group, read[i] as Uint8Array, views);
      return views;
    },
  };
}

/** Groups of ranges that are read together, sorted by offset. */
function groupNear(
  ranges: readonly ByteRange[],
  { gapBytes, maximumBytes }: Coalescing,
): readonly (readonly Placed[])[] {
  const groups: Placed[][] = [];
  let end = 0;
  const placed = ranges.map(({ offset, length }, index): Placed => ({ offset, length, index }));
  for (const next of placed.sort((a, b) => a.offset - b.offset)) {
    const group = groups.at(-1);
    const nextEnd = next.offset + next.length;
    const start = group?.[0]?.offset ?? next.offset;
    if (group !== undefined && next.offset <= end + gapBytes && nextEnd - start <= maximumBytes) {
      group.push(next);
      end = Math.max(end, nextEnd);
    } else {
      groups.push([next]);
      end = nextEnd;
    }
  }
  return groups;
}

function spanOf(group: readonly Placed[]): ByteRange {
  const offset = group[0]?.offset ?? 0;
  const end = Math.max(...group.map((range) => range.offset + range.length));
  return { offset, length: end - offset };
}

function scatter(group: readonly Placed[], bytes: Uint8Array, views: readonly Uint8Array[]): void {
  const start = group[0]?.offset ?? 0;
  for (const { offset, length, index } of group) {
    views[index]?.set(bytes.subarray(offset - start, offset - start + length));
  }
}
