/** Copies a text to the clipboard; returns a sentence that says whether the browser did. */
export async function copyText(text: string): Promise<string> {
  try {
    // undefined on pages that came over plain HTTP
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    return "Not copied: browsers allow it over HTTPS, or on this machine, only.";
  }
}
