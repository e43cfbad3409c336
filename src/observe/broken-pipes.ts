/**
 * Keeps this process alive when the reader of its output is gone: writes to standard output or
 * standard error then fail with EPIPE, which would end the process. The output is lost.
 */
export function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      // nobody is left to report this to
    });
  }
}
