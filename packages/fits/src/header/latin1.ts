/** Characters made by one call, which all engines allow as arguments. */
const AT_ONCE = 4096;

/** Bytes as a string of the same length, one character each. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length <= AT_ONCE) return characters(bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += characters(bytes.subarray(at, at + AT_ONCE));
  return text;
}

function characters(bytes: Uint8Array): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

/** ASCII text as bytes; characters outside ISO 8859-1 become `?`. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code < 256 ? code : 63;
  }
  return bytes;
}
