import { LISTED, type ListedImage } from "../../catalog/model/listed-image.ts";
import type { ProductFormat } from "../../products/product.ts";
import { ByteText } from "./byte-text.ts";
import { accessUrl } from "./search-links.ts";
import type { SearchHead } from "./search-response.ts";
import { responseText } from "./search-rows.ts";

/**
 * Number of different packed values whose texts are kept: images of one survey have the same ones.
 */
const MOST_TEXTS = 10_000;

/** JSON around the values of a row that are not packed: one more than there are of these. */
type Pieces = readonly [Buffer, ...Buffer[]];

/**
 * Writes lists of images as JSON, in the form that the existing service has. It writes bytes:
 * joining texts and encoding them takes twice the time.
 */
export class ListWriter {
  readonly #baseUrl: string;
  readonly #pieces = new Map<string, Pieces>();
  readonly #text = new ByteText();

  /** @param baseUrl the beginning of all links */
  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** A response as JSON; `format` is that of the links of its rows. */
  response(head: SearchHead, images: readonly ListedImage[], format: ProductFormat): Buffer {
    const text = this.#text;
    text.addText(responseText(head, "[").slice(0, -1));
    const url = accessUrl(this.#baseUrl, "", format);
    const query = url.slice(url.lastIndexOf("?"));
    const toName = Buffer.from(`,"access_url":"${escaped(url.slice(0, -query.length))}`);
    const toNext = Buffer.from(`${query}"},`);
    let packed = "";
    let pieces: Pieces | undefined;
    for (let i = 0; i < images.length; i += 1) {
      const image = images[i]!;
      const [obsId] = image;
      if (pieces === undefined || image[1] !== packed) {
        packed = image[1];
        pieces = this.#piecesOf(packed);
      }
      text.add(ROW_START);
      text.addInJson(obsId);
      text.add(pieces[0]);
      for (let k = 1; k < pieces.length; k += 1) {
        addValue(text, image[k + 1]!);
        text.add(pieces[k]!);
      }
      text.add(toName);
      text.addInUrl(obsId);
      text.add(i === images.length - 1 ? toNext.subarray(0, -1) : toNext);
    }
    text.addText("]}");
    return text.take();
  }

  #piecesOf(packed: string): Pieces {
    const known = this.#pieces.get(packed);
    if (known !== undefined) return known;
    const values = JSON.parse(packed) as readonly unknown[];
    const texts = ['"'];
    for (const column of LISTED.all) {
      const at = texts.length - 1;
      texts[at] += `,"${column.response?.name}":`;
      const inPacked = LISTED.packed.indexOf(column);
      if (inPacked === -1) texts.push("");
      else texts[at] += JSON.stringify(values[inPacked]);
    }
    if (this.#pieces.size >= MOST_TEXTS) this.#pieces.clear();
    const pieces = texts.map((text) => Buffer.from(text)) as [Buffer, ...Buffer[]];
    this.#pieces.set(packed, pieces);
    return pieces;
  }
}

const ROW_START = Buffer.from('{"obs_id":"');
const QUOTE = Buffer.from('"');

function addValue(text: ByteText, value: number | string | null): void {
  if (typeof value === "string") {
    text.add(QUOTE);
    text.addInJson(value);
    text.add(QUOTE);
    return;
  }
  // JSON has no others (ECMA-262, 25.5.2.2)
  text.addInJson(value !== null && Number.isFinite(value) ? String(value) : "null");
}

/** A text as JSON without its quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
