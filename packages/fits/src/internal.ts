// For the service and the other packages of this repository; not part of the public API.

export { deflateTrailer } from "./codecs/deflate/deflate-trailer.ts";
export { damagedDeflate, deflateStart, tooLongDeflate } from "./codecs/deflate/inflate.ts";
export { encodeRice } from "./codecs/rice/rice-encode.ts";
export { tileCodec } from "./codecs/tile/registry.ts";
export type { DecodedRow, RowSink } from "./codecs/tile/row-sink.ts";
export { packPixels } from "./codecs/tile/tile-bytes.ts";
export { dataSum, withChecksums } from "./file/checksum.ts";
export { located } from "./file/fits-file.ts";
export { axisLengths } from "./file/hdu.ts";
export { CARD_LENGTH, decimalValue, latin1Bytes, parseCards } from "./header/card.ts";
export { paddedLength, textOrNothing } from "./header/header.ts";
export { restoredCards } from "./header/image-header.ts";
export { cardNumber, textBetweenQuotes, unreadableMessage } from "./header/read-card.ts";
export type { KernelQuantization } from "./kernel/kernel.ts";
export { compiledKernel, growTo, type KernelMemory, LITTLE_ENDIAN } from "./kernel/web-assembly.ts";
export { kernelQuantization } from "./quantize/dequantize.ts";
export { tileNoise } from "./quantize/quantize-noise.ts";
export { type Scaling, storedArray } from "./read/physical-values.ts";
export { readQuantizedRows } from "./read/read-section.ts";
export { pixelBytes, sectionMemory } from "./read/section-plan.ts";
export { checkRange, rangeViews } from "./source/byte-source.ts";
export type { TileEncoder } from "./write/encode-tile.ts";
