/** Round angles for scale bars, arcseconds: 1, 2, 5 and their tens within each unit, and halves of the sexagesimal ones. */
const STEPS = [1, 2, 5, 10, 20, 30] as const;

/** The longest round angle of at most `arcsec`, and how it is written: 30", 2', 1d. Below a second: 1, 2, 5 times a power of ten. */
export function niceAngle(arcsec: number): { readonly arcsec: number; readonly label: string } {
  for (const [unit, sign] of [
    [3600, "d"],
    [60, "'"],
    [1, '"'],
  ] as const) {
    const step = STEPS.findLast((candidate) => candidate * unit <= arcsec);
    if (step !== undefined) return { arcsec: step * unit, label: `${step}${sign}` };
  }
  const power = 10 ** Math.floor(Math.log10(arcsec));
  const digit = [5, 2].find((candidate) => candidate * power <= arcsec) ?? 1;
  const value = Number((digit * power).toPrecision(1));
  return { arcsec: value, label: `${value}"` };
}
