import { useEffect, useState } from "preact/hooks";
import { parameter } from "../app/address.ts";
import { type ImageSet, loadSet, setOf } from "../sets/load-set.ts";
import { Failure } from "../ui/failure.tsx";
import { CompareSet } from "./compare-set.tsx";

/** Frames of a set: blinked, measured and stacked. */
export function CompareView() {
  const [set, setSet] = useState<ImageSet>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const leaving = new AbortController();
    const source = setOf(parameter);
    if (source !== undefined) loadSet(source, leaving.signal).then(setSet, setError);
    return () => leaving.abort();
  }, []);
  if (error !== undefined) return <Failure error={error} />;
  if (setOf(parameter) === undefined) {
    return (
      <section class="notice">
        <h1>Compare images</h1>
        <p>
          No set is chosen. Paste a list or the address of a CATCH job in <strong>Find</strong>, select images
          there, or make a batch in <strong>Cut</strong>.
        </p>
      </section>
    );
  }
  if (set === undefined) {
    return (
      <p class="notice" role="status">
        Reading the list …
      </p>
    );
  }
  return <CompareSet set={set} />;
}
