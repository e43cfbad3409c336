/**
 * The zero of `f` between `low` and `high`, where its signs differ, by false position (Illinois
 * variant) with bisection.
 */
export function rootBetween(f: (at: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa < 0 !== fb < 0) || Number.isNaN(fa + fb)) return Number.NaN;
  for (let step = 0; step < 200; step++) {
    const secant = b - (fb * (b - a)) / (fb - fa);
    const inside = secant > Math.min(a, b) && secant < Math.max(a, b) && step % 4 !== 3;
    const c = inside ? secant : (a + b) / 2;
    const fc = f(c);
    if (fc === 0 || Math.abs(b - a) <= 4e-16 * Math.max(1e-300, Math.abs(a) + Math.abs(b))) return c;
    if (fc < 0 === fb < 0) {
      fa /= 2;
    } else {
      a = b;
      fa = fb;
    }
    b = c;
    fb = fc;
  }
  return b;
}
