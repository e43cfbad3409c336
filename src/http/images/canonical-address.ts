import { accessUrl } from "../search/search-links.ts";
import type { ImageQuery } from "./image-query.ts";
import { imageQuerySchema } from "./image-query.ts";
import { productFormat } from "./image-request.ts";

/** Parameters that a canonical address omits: how browsers show a product is not part of it. */
const OMITTED: ReadonlySet<string> = new Set(["format", "download"]);
const NAMES = Object.keys(imageQuerySchema.properties).filter((name) => !OMITTED.has(name)) as Exclude<
  keyof ImageQuery,
  "format" | "download"
>[];

const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * The canonical spelling of the address of a product, under which caches in front of the service
 * should keep it: that of the links in search responses. The format under its own name comes first,
 * then the parameters in the order of the API document; decimal numbers have no superfluous digits,
 * and parameters that are off are left out.
 */
export function canonicalAddress(baseUrl: string, id: string, query: ImageQuery): string {
  const given = NAMES.flatMap((name) => {
    const value = query[name];
    if (value === undefined || value === false) return [];
    return [`&${name}=${encodeURIComponent(spelled(String(value)))}`];
  });
  return accessUrl(baseUrl, id, productFormat(query.format)) + given.join("");
}

function spelled(value: string): string {
  const text = value.trim().replace(/ +/g, " ");
  if (!DECIMAL.test(text)) return text;
  const digits = text.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1");
  const short = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return short === "-0" ? "0" : short;
}
