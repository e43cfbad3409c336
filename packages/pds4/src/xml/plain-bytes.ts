const isAllowedControl = (byte: number): boolean => byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Whether all bytes are ASCII, and none is a control character other than tabulator, line feed and carriage return: what nearly all
 * labels are. Four bytes are looked at at once, so bytes that do not begin at a multiple of four are called false, whatever they are.
 */
export function isPlainAscii(bytes: Uint8Array): boolean {
  if (bytes.byteOffset % 4 !== 0) return false;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    // high bits: of bytes beyond ASCII, and of those below a blank (Hacker's Delight, 6-1)
    if ((word & 0x80808080) !== 0) return false;
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    for (let at = 4 * i; at < 4 * i + 4; at += 1) {
      const byte = bytes[at]!;
      if (byte < 0x20 && !isAllowedControl(byte)) return false;
    }
  }
  for (let at = 4 * words.length; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte > 0x7f || (byte < 0x20 && !isAllowedControl(byte))) return false;
  }
  return true;
}
