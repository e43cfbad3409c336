import type { ProductRequest } from "../product.ts";

/** Whether a product shows a part of an image: the surroundings of a position, or a region. */
export function showsPart({ cutout, region }: Pick<ProductRequest, "cutout" | "region">): boolean {
  return cutout !== undefined || region !== undefined;
}
