import type { RowLocations } from "../catalog/image-writer.ts";
import { isGone, type LocationRule, pathsOfUrl } from "./location-url.ts";

/**
 * Whether a row's label is no longer at its recorded location, or is the harvested one under
 * another URL.
 */
function isLabelMoved(before: string | null, now: string | null, rule: LocationRule): boolean {
  if (before === now || now === null) return false;
  if (before === null) return true;
  const paths = pathsOfUrl(before, rule);
  const found = paths.find((path) => !isGone(path));
  // a URL with another base cannot be checked from here: the base of this run counts
  return found === undefined || pathsOfUrl(now, rule).includes(found);
}

/** Whether a row's data file is gone and the label has another next to it, as after compression. */
function isFileReplaced(before: string | null, now: string | null, rule: LocationRule): boolean {
  if (before === now || now === null) return false;
  const isThere = pathsOfUrl(now, rule).some((path) => !isGone(path));
  if (before === null) return isThere;
  const paths = pathsOfUrl(before, rule);
  return isThere && paths.length > 0 && paths.every(isGone);
}

/**
 * Whether the locations of a row must be replaced by those of a harvested label with the same LID:
 * they differ, and the old ones are gone, have another base, or refer to the same label.
 */
export function isMoved(before: RowLocations, now: RowLocations, rule: LocationRule): boolean {
  return (
    isLabelMoved(before.labelUrl, now.labelUrl, rule) || isFileReplaced(before.imageUrl, now.imageUrl, rule)
  );
}
