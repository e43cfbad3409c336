/** A right ascension as 11h38m28.70s (0.01 s is 0.15 arcseconds at the equator). */
export function hoursText(ra: number): string {
  // in whole hundredths of a second, so that 59.999 s carries over to the minute
  const units = Math.round((((ra % 360) + 360) % 360) * 24_000) % 8_640_000;
  const two = (n: number) => String(n).padStart(2, "0");
  const seconds = (units % 6000) / 100;
  return `${two(Math.floor(units / 360_000))}h${two(Math.floor(units / 6000) % 60)}m${seconds.toFixed(2).padStart(5, "0")}s`;
}

/** A declination as +17°58′12.3″. */
export function degreesText(dec: number): string {
  const units = Math.round(Math.abs(dec) * 36_000);
  const two = (n: number) => String(n).padStart(2, "0");
  const seconds = (units % 600) / 10;
  const sign = dec < 0 ? "−" : "+";
  return `${sign}${two(Math.floor(units / 36_000))}°${two(Math.floor(units / 600) % 60)}′${seconds.toFixed(1).padStart(4, "0")}″`;
}

/** ISO 8601 of a Modified Julian Date (UTC), with milliseconds. */
export function isoOfMjd(mjd: number): string {
  return new Date(Math.round((mjd - 40_587) * 86_400_000)).toISOString();
}

/** A distance in the most readable unit: 3.4″, 2.31′, 1.204°. */
export function distanceText(arcsec: number): string {
  if (arcsec < 60) return `${arcsec.toFixed(arcsec < 10 ? 2 : 1)}″`;
  if (arcsec < 3600) return `${(arcsec / 60).toFixed(2)}′`;
  return `${(arcsec / 3600).toFixed(3)}°`;
}

/** A number with up to nine significant digits. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "no value";
  return String(Number(value.toPrecision(9)));
}
