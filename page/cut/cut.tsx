import { useState } from "preact/hooks";
import { serviceUrl } from "../app/island.ts";
import { requestJson } from "../app/service.ts";
import { Failure } from "../ui/failure.tsx";

/** A list of images and places, and what is made of it. */
export function CutView() {
  const [text, setText] = useState("");
  const [count, setCount] = useState<number>();
  const [error, setError] = useState<unknown>();
  const read = async () => {
    setError(undefined);
    try {
      const list = await requestJson<{ readonly rows: readonly unknown[] }>(
        serviceUrl("batch", { dry: true }),
        { method: "POST", body: text },
      );
      setCount(list.rows.length);
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <section class="text">
      <h1>Cut out a list</h1>
      <label for="list">List of images and places</label>
      <textarea id="list" rows={10} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="button" onClick={() => void read()}>
        Read the list
      </button>
      {count !== undefined && <p>{count} rows</p>}
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}
