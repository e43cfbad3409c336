import { LISTED, type ListedImage } from "../../catalog/model/listed-image.ts";
import type { ProductFormat } from "../../products/product.ts";
import { accessUrl } from "./search-links.ts";

/**
 * Number of different packed values whose texts are kept: images of one survey and target have the
 * same ones.
 */
const MOST_TEXTS = 10_000;

/** A LID that needs no escaping in JSON, and of which only colons are escaped in a URL. */
const PLAIN_LID = /^[\w.:~-]*$/;

/** Texts around the reals of a row: one more than there are reals. */
type Pieces = readonly string[];

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
    const url = accessUrl(this.#baseUrl, "", format);
    const [urlStart, urlEnd] = [escaped(url.slice(0, url.lastIndexOf("?"))), url.slice(url.lastIndexOf("?"))];
    const texts = images.map((image) => {
      const [obsId, packed] = image;
      const isPlain = PLAIN_LID.test(obsId);
      const lid = isPlain ? obsId : escaped(obsId);
      const name = isPlain ? obsId.replaceAll(":", "%3A") : encodeURIComponent(obsId);
      let middle = "";
      const pieces = this.#piecesOf(packed);
      for (let i = 0; i < pieces.length; i += 1) {
        middle += i === 0 ? pieces[i] : `${JSON.stringify(image[i + 1])}${pieces[i]}`;
      }
      return `{"obs_id":"${lid}"${middle},"access_url":"${urlStart}${name}${urlEnd}"}`;
    });
    return `[${texts.join(",")}]`;
  }

  #piecesOf(packed: string): Pieces {
    const known = this.#pieces.get(packed);
    if (known !== undefined) return known;
    const values = JSON.parse(packed) as readonly unknown[];
    const pieces = [""];
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

/** A text as JSON without its quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
