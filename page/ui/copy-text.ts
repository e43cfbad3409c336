/** Copies a text to the clipboard; returns a sentence that reports whether this succeeded. */
export async function copyText(text: string): Promise<string> {
  try {
    // undefined on pages loaded over plain HTTP
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    return "Not copied: browsers allow copying only over HTTPS or on localhost.";
  }
}
