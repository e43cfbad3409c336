/** An error with a code in addition to its message, like Node's own connection errors. */
export function codedError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
