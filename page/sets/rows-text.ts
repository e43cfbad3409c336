/** Maximum length of a set in an address, characters: short enough for messages. */
export const LONGEST_ROWS = 8192;
/** Maximum size of a decoded set, bytes, so that a short text cannot exhaust the memory. */
const MAX_BYTES = 4 * 2 ** 20;

/** A list encoded for `#rows=` in an address: deflated (RFC 1951), in base64url without padding. */
export async function rowsText(list: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(list), new CompressionStream("deflate-raw"));
  return base64url(bytes);
}

/** Reads rowsText. Errors: a RangeError that says what cannot be read. */
export async function listOfRows(text: string): Promise<string> {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(
      await through(bytes, new DecompressionStream("deflate-raw")),
    );
  } catch {
    throw new RangeError("rows= in the address is damaged: the link was cut off or changed");
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MAX_BYTES) throw new RangeError("too long");
    parts.push(part.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
