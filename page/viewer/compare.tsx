import { useEffect, useState } from "preact/hooks";
import { parameter } from "../app/address.ts";
import { loadSet, type SetRow, setOf } from "../sets/load-set.ts";
import { Failure } from "../ui/failure.tsx";

/** Images of a set, one under the other. */
export function CompareView() {
  const [rows, setRows] = useState<readonly SetRow[]>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const leaving = new AbortController();
    const source = setOf(parameter);
    if (source === undefined) setRows([]);
    else loadSet(source, leaving.signal).then((set) => setRows(set.rows), setError);
    return () => leaving.abort();
  }, []);
  if (error !== undefined) return <Failure error={error} />;
  if (rows === undefined) return <p aria-live="polite">Reading the list …</p>;
  return <p>{rows.length} images</p>;
}
