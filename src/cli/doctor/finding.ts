import type { Settings } from "../../config/settings.ts";

/** What `sbnsis doctor` found. `doubtful`: it may be as it should be; `wrong`: something must be done. */
export interface Finding {
  readonly subject: string;
  readonly state: "fine" | "doubtful" | "wrong";
  readonly about: string;
  /** What to do. */
  readonly remedy?: string;
}

/** Looks at one thing and changes nothing. */
export type Check = (settings: Settings) => Promise<readonly Finding[]> | readonly Finding[];
