/** One step of the schema. Steps only add: the existing service goes on working beside ours. */
export interface Migration {
  readonly version: number;
  readonly title: string;
  readonly up: readonly string[];
}
