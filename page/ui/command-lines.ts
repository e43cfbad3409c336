/** A text as one word of a POSIX shell, whatever characters it has. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command that downloads a file, under the name that the service gives it. */
export function curlLine(url: string): string {
  return `curl -OJ ${shellWord(url)}`;
}

/** Lines of Python that open a FITS file at an address. */
export function astropyLines(url: string): string {
  return `from astropy.io import fits\nhdus = fits.open(${pythonText(url)})`;
}

/** A text as a literal of Python; the escapes of JSON are among those of Python. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}
