import { useState } from "preact/hooks";
import { Dialog } from "../ui/dialog.tsx";

/** The cards of a header, which can be searched. */
export function HeaderDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const [wanted, setWanted] = useState("");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const found = lines.filter((line) => line.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Dialog title="Header" onClose={onClose}>
      <div class="row">
        <label>
          find{" "}
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <span role="status">
          {found.length} of {lines.length} cards
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keys */}
      <pre class="header-cards" tabIndex={0}>
        {found.join("\n")}
      </pre>
    </Dialog>
  );
}
