import { useEffect, useState } from "preact/hooks";
import { imageUrl } from "../../app/island.ts";
import { request } from "../../app/service.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Failure } from "../../ui/failure.tsx";

/** The header of an image, which is read when the dialog opens. */
export function HeaderOf({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [text, setText] = useState<string>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const leaving = new AbortController();
    request(imageUrl(id, { format: "header" }), { signal: leaving.signal })
      .then((response) => response.text())
      .then(setText, (reason) => {
        if (!leaving.signal.aborted) setError(reason);
      });
    return () => leaving.abort();
  }, [id]);
  return (
    <Dialog title="Header" onClose={onClose}>
      {text !== undefined ? (
        <Cards text={text} />
      ) : error === undefined ? (
        <p role="status">Reading the header …</p>
      ) : (
        <Failure error={error} />
      )}
    </Dialog>
  );
}

/** The searchable cards of a header. */
export function HeaderDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  return (
    <Dialog title="Header" onClose={onClose}>
      <Cards text={text} />
    </Dialog>
  );
}

function Cards({ text }: { readonly text: string }) {
  const [wanted, setWanted] = useState("");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const found = lines.filter((line) => line.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <>
      <div class="row">
        <label>
          find{" "}
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <span role="status">
          {found.length} of {lines.length} cards
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text must be scrollable by keyboard */}
      <pre class="header-cards" tabIndex={0}>
        {found.join("\n")}
      </pre>
    </>
  );
}
