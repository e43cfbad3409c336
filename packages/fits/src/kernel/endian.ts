/** Whether this machine keeps the low byte first, as WebAssembly always does. */
export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
