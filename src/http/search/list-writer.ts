import { LISTED, type ListedImage } from "../../catalog/model/listed-image.ts";
import type { ProductFormat } from "../../products/product.ts";
import { accessUrl } from "./search-links.ts";

/**
 * Number of different packed values whose texts are kept: images of one survey and target have the
 * same ones.
 */
const MOST_TEXTS = 10_000;

/** LIDs, one on each line, that need no escaping in JSON, and of which only colons are escaped in a URL. */
const PLAIN_LIDS = /^[\w.:~\n-]*$/;

/** Texts around the reals of a row: one more than there are reals. */
type Pieces = readonly [string, ...string[]];

/** Writes lists of images as JSON, in the form that the existing service has. */
export class ListWriter {
  readonly #baseUrl: string;
  readonly #pieces = new Map<string, Pieces>();

  /** @param baseUrl the beginning of all links */
  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** The rows as a JSON array; `format` is that of their links. */
  rows(images: readonly ListedImage[], format: ProductFormat): string {
    if (images.length === 0) return "[]";
    const { ids, names } = lidTexts(images);
    const url = accessUrl(this.#baseUrl, "", format);
    const query = url.slice(url.lastIndexOf("?"));
    const toUrl = `,"access_url":"${escaped(url.slice(0, -query.length))}`;
    const toNext = `${query}"},{"obs_id":"`;
    const texts = ['[{"obs_id":"'];
    let packed = "";
    let pieces: Pieces = [""];
    for (const [i, image] of images.entries()) {
      // neighbors have mostly the same values
      if (image[1] !== packed) {
        packed = image[1];
        pieces = this.#piecesOf(packed);
      }
      texts.push(ids[i]!, pieces[0]);
      for (let k = 1; k < pieces.length; k += 1) texts.push(numberText(image[k + 1]), pieces[k]!);
      texts.push(toUrl, names[i]!, toNext);
    }
    texts[texts.length - 1] = `${query}"}]`;
    return texts.join("");
  }

  #piecesOf(packed: string): Pieces {
    const known = this.#pieces.get(packed);
    if (known !== undefined) return known;
    const values = JSON.parse(packed) as readonly unknown[];
    const pieces: [string, ...string[]] = ['"'];
    for (const column of LISTED.all) {
      const at = pieces.length - 1;
      pieces[at] += `,"${column.response?.name}":`;
      if (column.type === "real") pieces.push("");
      else pieces[at] += JSON.stringify(values[LISTED.packed.indexOf(column)]);
    }
    if (this.#pieces.size >= MOST_TEXTS) this.#pieces.clear();
    this.#pieces.set(packed, pieces);
    return pieces;
  }
}

/** The LIDs as they are written in JSON, and in URLs. */
function lidTexts(images: readonly ListedImage[]): {
  readonly ids: readonly string[];
  readonly names: readonly string[];
} {
  const ids = images.map(([obsId]) => obsId);
  const lines = ids.join("\n");
  // all at once takes a third of the time
  if (PLAIN_LIDS.test(lines)) return { ids, names: lines.replaceAll(":", "%3A").split("\n") };
  return { ids: ids.map(escaped), names: ids.map(encodeURIComponent) };
}

/** A real as JSON. */
function numberText(value: number | string | null | undefined): string {
  return Number.isFinite(value) ? String(value) : "null";
}

/** A text as JSON without its quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
