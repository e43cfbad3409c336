import { readDeclination, readRightAscension } from "../../../config/sky-angle.ts";

/** What a text in the search box means, as parameters of the page that shows the result. */
export type TextMeaning =
  | { readonly kind: "image"; readonly id: string }
  | { readonly kind: "catch"; readonly job: string }
  | { readonly kind: "search"; readonly parameters: Readonly<Record<string, string>> };

/** Radius of a search around a position in the search box: the default size of a cutout. */
const RADIUS = "5arcmin";

const CATCH_JOB = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const CATCH_URL = /^https?:\/\/\S+\/caught\/([0-9a-f-]{32,36})\b/i;
const TIME = /^\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+Z?)?)?(?:\/(?:\.\.|[\dT:.Z-]+))?$/;

/**
 * Reads a text as people write it: a LID, a job of CATCH or its URL, a position in degrees or
 * sexagesimal (with spaces, colons, or letters and signs), a date or an interval; anything else is
 * the name of a target.
 */
export function textMeaning(written: string): TextMeaning {
  const text = written.trim().replace(/\s+/g, " ");
  if (/^urn:\S+$/i.test(text)) {
    return text.includes("*")
      ? { kind: "search", parameters: { obs_id: text } }
      : { kind: "image", id: text };
  }
  const job = CATCH_JOB.test(text) ? text : CATCH_URL.exec(text)?.[1];
  if (job !== undefined) return { kind: "catch", job: job.toLowerCase() };
  const place = placeOf(text);
  if (place !== undefined) {
    const pos = place.map((degrees) => String(Number(degrees.toFixed(7)))).join(",");
    return { kind: "search", parameters: { pos, radius: RADIUS, order: "distance" } };
  }
  if (TIME.test(text)) return { kind: "search", parameters: { time: text, order: "time" } };
  return { kind: "search", parameters: { target: text } };
}

/** ICRS, degrees. */
function placeOf(text: string): readonly [ra: number, dec: number] | undefined {
  const plain = text
    .replace(/[−–]/g, "-")
    .replaceAll("°", "d")
    .replace(/[′']/g, "m")
    .replace(/[″"]/g, "s")
    .replace(/([hdms]) (?=\d)/g, "$1");
  const fields = plain.split(/[ ,]+/).filter((field) => field !== "");
  const [first, second] =
    fields.length === 6
      ? [fields.slice(0, 3).join(":"), fields.slice(3).join(":")]
      : fields.length === 2
        ? (fields as [string, string])
        : ["", ""];
  const [ra, dec] = [readRightAscension(first), readDeclination(second)];
  return "degrees" in ra && "degrees" in dec ? [ra.degrees, dec.degrees] : undefined;
}
