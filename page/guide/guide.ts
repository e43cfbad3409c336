// Buttons of the guide that copy a command. Browsers allow pages to use the clipboard only over
// HTTPS or on localhost; elsewhere the buttons stay hidden.

/** How long a button shows that it has copied, milliseconds. */
const SAID_MS = 2000;

if (navigator.clipboard !== undefined) {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement?.querySelector("code")?.textContent ?? "";
      await navigator.clipboard.writeText(code.trimEnd());
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, SAID_MS);
    });
  }
}
