import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** A button that copies a text to the clipboard and reports it. */
export function CopyButton({
  text,
  done,
  children,
}: {
  readonly text: () => string;
  /** Receives a sentence about the outcome. */
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
