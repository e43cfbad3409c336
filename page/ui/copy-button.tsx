import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** Copies a text to the clipboard and says so. */
export function CopyButton({
  text,
  done,
  children,
}: {
  readonly text: () => string;
  /** Receives what happened, in a sentence. */
  readonly done: Signal<string>;
  readonly children: ComponentChildren;
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      done.value = "Copied.";
    } catch {
      done.value = `The browser does not allow copying. The text is: ${text()}`;
    }
  };
  return (
    <button type="button" onClick={copy}>
      {children}
    </button>
  );
}
