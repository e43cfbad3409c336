/** An image of a batch and the position of its object: what Compare shows of a row. */
export interface ComparedImage {
  readonly obsId: string;
  /** ICRS, degrees. */
  readonly ra: number;
  readonly dec: number;
}

/** Addresses below the service of what Compare shows and requests first. */
interface ComparedFirst {
  /** The image in the picture, as JPEG. */
  readonly picture: string;
  /** Cutouts of this image and of those beside it, as the page requests them. */
  readonly cutouts: readonly string[];
}

/** Cutouts that the page requests at once (page/compare/frames/frame-loader.ts). */
const REQUESTS = 6;

/** Default side of cutouts, arcminutes (page/compare/compare.tsx). */
const DEFAULT_SIDE = 6;

/**
 * What Compare begins with, so that the document can request it before its scripts have run.
 * Undefined without images, or if the address has a size or an index that cannot be read.
 * @param images in the order in which Compare shows them
 * @param query of the address of the page
 */
export function comparedFirst(
  images: readonly ComparedImage[],
  query: URLSearchParams,
): ComparedFirst | undefined {
  const side = Number(query.get("size") || DEFAULT_SIDE);
  const index = Math.round(Number(query.get("i") || 1)) - 1;
  if (!(side > 0 && Number.isFinite(side) && index >= 0) || images.length === 0) return undefined;
  const near = Math.min(index, images.length - 1);
  const address = ({ obsId, ra, dec }: ComparedImage, options: Readonly<Record<string, string>>) => {
    const size = `${side}arcmin`;
    const given = new URLSearchParams({ ra: `${ra}`, dec: `${dec}`, size, ...options });
    return `images/${encodeURIComponent(obsId)}?${given}`;
  };
  const packed = { format: "fits", pack: "rice", header: "minimal" };
  return {
    picture: address(images[near]!, { format: "jpeg" }),
    cutouts: outwards(near, images.length)
      .slice(0, REQUESTS)
      .map((k) => address(images[k]!, packed)),
  };
}

/** Indices from `near` outwards, the later one first, beyond the ends from the other one. */
function outwards(near: number, count: number): readonly number[] {
  const order = new Set<number>();
  for (let distance = 0; order.size < Math.min(count, REQUESTS); distance++) {
    order.add((near + distance) % count);
    order.add((((near - distance) % count) + count) % count);
  }
  return [...order];
}
