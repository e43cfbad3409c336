import { useEffect, useState } from "preact/hooks";
import { parameter } from "../app/address.ts";
import { firstPicture } from "../app/island.ts";
import { type ImageSet, isUsable, loadSet, setOf } from "../sets/load-set.ts";
import { Failure } from "../ui/failure.tsx";
import { numberOfAddress } from "../viewer/view-address.ts";
import { CompareSet } from "./compare-set.tsx";

/** Default side of cutouts, arcminutes. */
const DEFAULT_SIDE = 6;

/** The side of cutouts in the address. Errors: a RangeError that names what cannot be read. */
function sideOfAddress(): number {
  const side = numberOfAddress("size", parameter("size")) ?? DEFAULT_SIDE;
  if (side > 0) return side;
  throw new RangeError(`size=${parameter("size")} is not a number of arcminutes above 0`);
}

/** Compare: blinks, measures and stacks the frames of a set. */
export function CompareView() {
  const [set, setSet] = useState<ImageSet>();
  const [error, setError] = useState<unknown>();
  const [side, setSide] = useState(DEFAULT_SIDE);
  useEffect(() => {
    const leaving = new AbortController();
    const source = setOf(parameter, location.hash);
    try {
      setSide(sideOfAddress());
    } catch (reason) {
      setError(reason);
    }
    let stop: (() => void) | undefined;
    const show = (loaded: ImageSet) => {
      if (loaded.follow === undefined || loaded.rows.some(isUsable)) return setSet(loaded);
      // a view needs an image to begin with: that of the first finished row
      stop = loaded.follow(({ rows, left }) => {
        if (left > 0 && !rows.some(isUsable)) return;
        stop?.();
        setSet({ ...loaded, rows });
      });
    };
    if (source !== undefined) loadSet(source, leaving.signal).then(show, setError);
    return () => {
      leaving.abort();
      stop?.();
    };
  }, []);
  if (error !== undefined) return <Failure error={error} />;
  if (setOf(parameter, location.hash) === undefined) {
    return (
      <section class="notice">
        <h1>Compare images</h1>
        <p>
          No images are selected. Paste a list or the address of a CATCH job in <strong>Find</strong>, tick
          images there, or make a batch in <strong>Cut</strong>.
        </p>
      </section>
    );
  }
  if (set === undefined) {
    return (
      <>
        <p class="notice" role="status">
          Reading the list, or waiting for its first image …
        </p>
        {firstPicture === undefined ? null : (
          <img class="first" src={firstPicture} alt="The first frame of the list" decoding="sync" />
        )}
      </>
    );
  }
  return <CompareSet set={set} side={side} />;
}
