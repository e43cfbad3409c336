import type { MadeFrame } from "../../../src/test-data/add-test-data.ts";
import type { Scene } from "./part.ts";
import type { Random } from "./random.ts";
import type { Asked, Kind } from "./tally.ts";

/** A response may have been started this long before the database was replaced, in milliseconds. */
const TURN_MS = 5;

/**
 * The requests of the load: cutouts and labels of each archive, lists and health. The bodies of 200
 * responses are checked.
 */
export function askedFor({ place, expected }: Scene, base: string, random: Random) {
  const keepAlive = () => random.next() < 0.5;
  const isFits = (body: Buffer) =>
    body.subarray(0, 9).toString() === "SIMPLE  =" && body.length % 2880 === 0
      ? undefined
      : "200 but no FITS";
  const isJpeg = (body: Buffer) =>
    body[0] === 0xff && body[1] === 0xd8 && body.at(-1) === 0xd9 ? undefined : "200 but no JPEG";
  const isLabel = (lid: string) => (body: Buffer) =>
    body.includes(`<logical_identifier>${lid}<`) && body.includes("</Product_Observational>")
      ? undefined
      : "200 but not its label";
  const cutout = (kind: Kind, { lid, ra, dec, halfSide }: MadeFrame): Asked => {
    const [x, y] = [random.between(-0.5, 0.5) * halfSide, random.between(-0.5, 0.5) * halfSide];
    const format = random.next() < 0.7 ? "fits" : "jpeg";
    const size = (halfSide * random.between(0.1, 0.4) * 3600).toFixed(2);
    const position = `ra=${((ra + x + 360) % 360).toFixed(6)}&dec=${(dec + y).toFixed(6)}`;
    return {
      kind,
      keepAlive: keepAlive(),
      url: `${base}/images/${lid}?${position}&size=${size}arcsec&format=${format}`,
      flaw: format === "fits" ? isFits : isJpeg,
    };
  };
  const label = (kind: Kind, { lid }: MadeFrame): Asked => ({
    kind,
    keepAlive: keepAlive(),
    url: `${base}/images/${lid}?format=label`,
    flaw: isLabel(lid),
  });
  const query = (): Asked => ({
    kind: "query",
    keepAlive: keepAlive(),
    url: `${base}/query?maxrec=${random.of([1, 10, 100])}`,
    flaw(body, begun) {
      const found = JSON.parse(body.toString()) as { readonly total: number };
      // the old count is correct for a request that began before the database was replaced
      const allowed = begun > expected.since + TURN_MS ? [expected.count] : [expected.count, expected.before];
      return allowed.includes(found.total)
        ? undefined
        : `200 but ${found.total} images, not ${expected.count}`;
    },
  });
  const plain = (kind: "health" | "ready"): Asked => ({
    kind,
    keepAlive: false,
    url: `${base}/${kind}`,
    flaw: () => undefined,
  });
  const { frames } = place;
  const kinds = [
    () => cutout("steady", random.of(frames.steady)),
    () => label("steady", random.of(frames.steady)),
    () => cutout("moving", random.of(frames.moving)),
    () => cutout("archive", random.of(frames.archive)),
    () => label("archive", random.of(frames.archive)),
    () => cutout("faulty archive", random.of(frames.faulty)),
    query,
    () => plain("health"),
  ] as const;
  const weights = [4, 1, 2, 3, 4, 2, 3, 1];
  const drawn = kinds.flatMap((kind, i) => Array.from({ length: weights[i]! }, () => kind));
  return {
    any: (): Asked => random.of(drawn)(),
    /** One request of each kind. */
    each: (): readonly Asked[] => [...kinds.map((kind) => kind()), plain("ready")],
    ready: (): Asked => plain("ready"),
  };
}
