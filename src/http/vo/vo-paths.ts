const READING = "GET, HEAD, OPTIONS";
const QUERYING = "GET, HEAD, POST, OPTIONS";

/** Routes of the Virtual Observatory, below the prefix of the service, with their methods. */
export const VO_ROUTES: readonly (readonly [path: RegExp, allowed: string])[] = [
  [/^\/vo\/(?:sia2|links|sync|async)\/?$/, QUERYING],
  [/^\/vo\/async\/[^/]+\/?$/, "GET, HEAD, POST, DELETE, OPTIONS"],
  [/^\/vo\/async\/[^/]+\/(?:phase|executionduration|destruction|parameters)\/?$/, QUERYING],
  [/^\/vo\/async\/[^/]+\/(?:error|quote|owner|results|results\/[^/]+)\/?$/, READING],
  [/^\/vo\/(?:capabilities|availability|examples|registry\.xml|moc|moc\/[^/]+)\/?$/, READING],
];

/** How errors at an address are written. */
export type VoErrorFormat = "votable" | "text";

/**
 * How errors at an address are written, whatever causes them; undefined outside the Virtual
 * Observatory.
 * @param path without the prefix of the service
 */
export function voErrorFormatAt(path: string): VoErrorFormat | undefined {
  if (!/^\/vo(?:[/?]|$)/.test(path)) return undefined;
  return /^\/vo\/(?:sia2|links)\/?(?:\?|$)/.test(path) ? "votable" : "text";
}
