import type { Place } from "../service/places.ts";

/** Concurrent requests of a viewer, as in a browser. */
const VIEWERS = 6;
/** Bands viewed, and tiles requested of each. */
const BANDS = 24;
const SEEN = 6;
/** Number of cutouts requested without a viewer. */
const ALONE = 400;

/** Times of requests in milliseconds; those of cutouts by round. */
interface BesideTiles {
  readonly alone: number[][];
  readonly beside: number[][];
  readonly tiles: number[];
}

/** Times cutouts alone, and while a viewer requests the tiles of new bands of one frame. */
export async function besideTiles(
  base: string,
  frames: readonly Place[],
  rounds: number,
): Promise<BesideTiles> {
  const found: BesideTiles = { alone: [], beside: [], tiles: [] };
  // let the compilers warm up first
  await cutouts(base, frames, 99, (done) => done >= ALONE);
  for (let round = 0; round < rounds; round++) {
    found.alone.push(await cutouts(base, frames, 2 * round, (done) => done >= ALONE));
    const url = `${base}/images/${encodeURIComponent(frames[round % frames.length]!.id)}/tiles`;
    const { version } = (await (await fetch(url)).json()) as { readonly version: string };
    let looking = VIEWERS;
    let next = 0;
    const viewer = async () => {
      for (let k = next++; k < BANDS * SEEN; k = next++) {
        const address = `${url}/${version}/0/${10 + (k % SEEN)}/${Math.floor(k / SEEN)}`;
        found.tiles.push(await timed(address));
      }
      looking--;
    };
    const viewers = Array.from({ length: VIEWERS }, viewer);
    found.beside.push(await cutouts(base, frames, 2 * round + 1, () => looking < VIEWERS));
    await Promise.all(viewers);
  }
  return found;
}

/** Requests cutouts at new positions with two clients until `isOver`; milliseconds of each. */
async function cutouts(
  base: string,
  frames: readonly Place[],
  round: number,
  isOver: (done: number) => boolean,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const client = async () => {
    while (!isOver(times.length)) {
      const k = next++;
      const { id, ra, dec, r } = frames[k % frames.length]!;
      const east = ((k * 0.618 + round * 0.17) % 1) - 0.5;
      const north = ((k * 0.382 + round * 0.29) % 1) - 0.5;
      const query = `ra=${(ra + r * east + 360) % 360}&dec=${dec + r * north}&size=5arcmin&format=fits`;
      times.push(await timed(`${base}/images/${encodeURIComponent(id)}?${query}`));
    }
  };
  await Promise.all([client(), client()]);
  return times;
}

async function timed(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${response.status} from ${url}`);
  return performance.now() - began;
}
