// Exports of the compiled kernel, apart from its memory.
export { decode } from "./rice.as";
export { dequantize } from "./dequantize.as";
export { hcompress } from "./hcompress.as";
export { unpack } from "./unpack.as";
export { encode } from "./rice-encode.as";
