/**
 * Number of draws of a property or fuzz test: a tenth of `all`, so that the default run is quick.
 * With TEST_DRAWS=all, as in `.ci/run`, it is `all`.
 */
export function draws(all: number): number {
  return process.env.TEST_DRAWS === "all" ? all : Math.ceil(all / 10);
}
