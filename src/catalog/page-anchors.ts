/** A row of a filtered list: how many come before it, and its id. */
export interface Anchor {
  readonly offset: number;
  readonly id: number;
}

interface KeptList {
  /** What the database looked like; a list of another state is worth nothing. */
  readonly state: string;
  /** By offset. */
  readonly anchors: Anchor[];
}

/** Places in filtered lists that were come to before, so that a deep offset is counted from the nearest one rather than from the beginning. */
export class PageAnchors {
  readonly #lists = new Map<string, KeptList>();
  readonly #maximumLists: number;
  readonly #maximumAnchors: number;

  constructor({ lists = 64, anchors = 1024 } = {}) {
    this.#maximumLists = lists;
    this.#maximumAnchors = anchors;
  }

  /** The nearest anchor at or before `offset` of a list in this state. */
  nearest(list: string, state: string, offset: number): Anchor | undefined {
    const kept = this.#lists.get(list);
    return kept?.state === state ? kept.anchors[countUpTo(kept.anchors, offset) - 1] : undefined;
  }

  /** Remembers one more; what was known of the list in another state is forgotten. */
  remember(list: string, state: string, anchor: Anchor): void {
    let kept = this.#lists.get(list);
    this.#lists.delete(list);
    if (kept?.state !== state || kept.anchors.length >= this.#maximumAnchors) kept = { state, anchors: [] };
    this.#lists.set(list, kept);
    const at = countUpTo(kept.anchors, anchor.offset);
    if (kept.anchors[at - 1]?.offset !== anchor.offset) kept.anchors.splice(at, 0, anchor);
    if (this.#lists.size > this.#maximumLists) {
      const oldest = this.#lists.keys().next().value;
      if (oldest !== undefined) this.#lists.delete(oldest);
    }
  }
}

/** How many anchors lie at or before `offset`. */
function countUpTo(anchors: readonly Anchor[], offset: number): number {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (anchors[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
