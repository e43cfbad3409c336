/** Quotes any text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command that downloads a file under the name given by the service. */
export function curlLine(url: string): string {
  return `curl -OJ ${shellWord(url)}`;
}

/** Lines of Python that open a FITS file at an address. */
export function astropyLines(url: string): string {
  return `from astropy.io import fits\nhdus = fits.open(${pythonText(url)})`;
}

/** A text as a Python literal; JSON escapes are valid in Python. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}
