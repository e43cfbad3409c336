import type { ImageRow } from "../app/island.ts";

/** A time in UTC to the second, such as `2019-07-14 07:40:12`; a dash if unknown. */
export function shownTime(iso: string | null | undefined): string {
  return iso ? iso.slice(0, 19).replace("T", " ") : "–";
}

/** Hours or degrees, minutes and seconds of an angle. */
function sexagesimal(value: number, places: number, separators: readonly [string, string, string]): string {
  const parts = Math.round(value * 3600 * 10 ** places);
  const perSecond = 10 ** places;
  const whole = Math.floor(parts / perSecond);
  const fraction = places === 0 ? "" : `.${String(parts % perSecond).padStart(places, "0")}`;
  const two = (number: number) => String(number).padStart(2, "0");
  const [first, second, last] = separators;
  const seconds = `${two(whole % 60)}${fraction}`;
  return `${two(Math.floor(whole / 3600))}${first}${two(Math.floor(whole / 60) % 60)}${second}${seconds}${last}`;
}

/** A right ascension in hours, such as `11h38m29.39s`, from degrees. */
export function shownRightAscension(degrees: number, places = 2): string {
  const hours = (((degrees % 360) + 360) % 360) / 15;
  // rounding may reach 24 hours
  return sexagesimal(hours, places, ["h", "m", "s"]).replace(/^24h/, "00h");
}

/** A declination, such as `+17°58′33.4″`, from degrees. */
export function shownDeclination(degrees: number, places = 1): string {
  return `${degrees < 0 ? "−" : "+"}${sexagesimal(Math.abs(degrees), places, ["°", "′", "″"])}`;
}

/** A count with thousands separators. */
export function shownCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Bytes in decimal units. */
export function shownBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[power - 1]}`;
}

/** The last part of a LID, which distinguishes the images of a collection. */
export function shortName(id: string): string {
  return id.slice(id.lastIndexOf(":") + 1);
}

const KNOWN_SURVEYS = /\b(atlas|neat|css|catalina|loneos|spacewatch)\b/i;

/** The survey of an identifier, in the shortest form that distinguishes surveys. */
export function surveyOf(id: string): string {
  const part = id.split(":")[3] ?? id;
  return KNOWN_SURVEYS.exec(part.replaceAll(/[._]/g, " "))?.[1]?.toUpperCase() ?? part;
}

/** The data set of a collection, such as `gbo.ast.neat.survey` in its LID. */
export function surveyName(collection: string): string {
  return collection.split(":")[3] ?? collection;
}

/** Instrument, time, filter and exposure of an image, in one line. */
export function imageTitle({ instrument, facility, start, filter, exposure }: ImageRow): string {
  const parts = [
    start ? shownTime(start) : undefined,
    facility === instrument ? facility : `${facility}, ${instrument}`,
    filter ?? undefined,
    exposure == null ? undefined : `${exposure} s`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}
