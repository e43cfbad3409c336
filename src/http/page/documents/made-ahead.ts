import type { ProductService } from "../../../products/product.ts";
import { type ImageQuery, imageQuerySchema } from "../../images/image-query.ts";
import { imageRequest } from "../../images/image-request.ts";
import { compileQuery } from "../../requests/query-validator.ts";

const readQuery = compileQuery(imageQuerySchema);

/**
 * Begins to make the picture that a document shows first, while the browser reads the document and
 * its style; its request for the picture then waits for the rest only. Does nothing while others
 * wait for a thread. A failure is left to the request for the picture, which reports it.
 * @param picture address of an image below the service, or undefined
 */
export function makeAhead(products: ProductService, picture: string | undefined): void {
  if (picture === undefined || products.load().cutouts.waiting > 0) return;
  void make(products, picture).catch(() => undefined);
}

async function make(products: ProductService, picture: string): Promise<void> {
  const { pathname, searchParams } = new URL(picture, "http://service/");
  const read = readQuery(Object.fromEntries(searchParams));
  if ("error" in read) throw read.error;
  const id = decodeURIComponent(pathname.slice("/images/".length));
  await products.get(imageRequest(id, read.value as unknown as ImageQuery));
}
