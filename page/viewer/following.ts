/** The next item of a list; the first follows the last. */
export function following<T>(list: readonly T[], current: T): T {
  return list[(list.indexOf(current) + 1) % list.length]!;
}
