/** An error with a code beside its message, as Node's own errors of connections have one. */
export function codedError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
