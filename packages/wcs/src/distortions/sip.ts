import { WcsError } from "../errors.ts";
import { type Keywords, plainCount, plainNumber } from "../header/keywords.ts";
import { type PlaneMap, polynomial } from "../transform/plane-map.ts";
import { planeMap } from "../transform/unfolded-radius.ts";

const HIGHEST_ORDER = 9;

/**
 * The SIP polynomials of a header as a map from pixels counted from 1 to pixels relative to CRPIX;
 * undefined without SIP.
 * The inverse coefficients AP_ and BP_ are approximations and ignored: the inverse is solved
 * numerically. Shupe et al. 2005.
 * Errors: WCS_INVALID when one of A_ORDER and B_ORDER is missing or a card cannot be read,
 * WCS_UNSUPPORTED above order 9.
 */
export function sipFromHeader(keywords: Keywords, crpix: readonly [number, number]): PlaneMap | undefined {
  if (keywords.alternate !== "") return undefined;
  const orderA = plainCount(keywords, "A_ORDER");
  const orderB = plainCount(keywords, "B_ORDER");
  if (!(orderA !== undefined && orderA > 1) && !(orderB !== undefined && orderB > 1)) return undefined;
  if (orderA === undefined || orderB === undefined) {
    throw new WcsError("WCS_INVALID", "A_ORDER and B_ORDER must both be given for SIP polynomials.");
  }
  const order = Math.max(orderA, orderB, 1);
  if (order > HIGHEST_ORDER) {
    throw new WcsError(
      "WCS_UNSUPPORTED",
      `SIP polynomials of order ${order}; at most ${HIGHEST_ORDER} is allowed.`,
    );
  }
  return planeMap({
    degree: order,
    x: polynomial(order, [[1, 0, 1], ...terms(keywords, "A", orderA)]),
    y: polynomial(order, [[0, 1, 1], ...terms(keywords, "B", orderB)]),
    radialX: [],
    radialY: [],
    origin: [crpix[0], crpix[1]],
    scale: [1, 1],
    tolerance: 1e-9,
  });
}

function* terms(keywords: Keywords, name: "A" | "B", order: number): Generator<[number, number, number]> {
  for (let i = 0; i <= order; i++) {
    for (let j = 0; i + j <= order; j++) {
      const c = plainNumber(keywords, `${name}_${i}_${j}`);
      if (c !== undefined) yield [i, j, c];
    }
  }
}
