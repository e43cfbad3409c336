import { type FoundPage, type ImageRow, serviceUrl } from "../app/island.ts";
import { requestJson } from "../app/service.ts";

/** Maximum number of outlines drawn. */
const MOST = 500;

/** Other images of the catalog that overlap this one on the sky. */
export async function otherImages(image: ImageRow): Promise<readonly ImageRow[]> {
  const corners = image.corners ?? [];
  if (corners.length === 0) return [];
  const [sx, sy, sz] = corners.reduce<readonly [number, number, number]>(
    ([x, y, z], corner) => {
      const [cx, cy, cz] = vector(corner);
      return [x + cx, y + cy, z + cz];
    },
    [0, 0, 0],
  );
  const ra = (Math.atan2(sy, sx) * 180) / Math.PI;
  const dec = (Math.atan2(sz, Math.hypot(sx, sy)) * 180) / Math.PI;
  const pos = `${((ra + 360) % 360).toFixed(6)},${dec.toFixed(6)}`;
  const { results } = await requestJson<FoundPage>(serviceUrl("query", { pos, maxrec: MOST }));
  return results.filter(({ obs_id }) => obs_id !== image.obs_id);
}

function vector([ra, dec]: readonly [number, number]): readonly [number, number, number] {
  const [a, d] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}
