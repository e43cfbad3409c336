import type { Settings } from "../../config/settings-groups.ts";

/**
 * A finding of `sbnsis doctor`. `doubtful`: it may be intended; `wrong`: something must be done.
 */
export interface Finding {
  readonly subject: string;
  readonly state: "fine" | "doubtful" | "wrong";
  readonly about: string;
  /** What to do. */
  readonly remedy?: string;
}

/** Checks one thing and changes nothing. */
export type Check = (settings: Settings) => Promise<readonly Finding[]> | readonly Finding[];
