/** One step of the schema. Steps only add: the Python service keeps working with the same table. */
export interface Migration {
  readonly version: number;
  readonly title: string;
  readonly up: readonly string[];
}
