/**
 * Lets this process live on when whoever read its output has gone: a write to standard output or standard error then fails (EPIPE), which by default ends it
 * at its next word. What is said is lost.
 */
export function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      // nobody is left to be told
    });
  }
}
