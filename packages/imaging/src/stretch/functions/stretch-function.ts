/**
 * A stretch: a function from the interval, 0 to 1, to brightness, 0 to 1. To add one, add a file
 * here and a line in registry.ts: the parameter of requests and the OpenAPI document follow.
 */
export interface StretchFunction<Name extends string = string> {
  readonly name: Name;
  /** Default of the parameter a; undefined for a stretch without one. */
  readonly parameter?: number;
  /** The function for a parameter a. */
  curve(a: number): (x: number) => number;
}
