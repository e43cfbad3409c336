export type { Inflate } from "./codecs/deflate/inflate.ts";
export {
  describeImage,
  type ImageDescription,
  imageAxes,
  withStoredFloats,
} from "./describe/image-description.ts";
export {
  CodedError,
  type ErrorDetails,
  FitsError,
  type FitsErrorCode,
  hasCode,
  isFitsError,
} from "./errors.ts";
export { type FitsFile, type OpenFitsOptions, openFits } from "./file/fits-file.ts";
export type { Bitpix, Hdu, HduKind } from "./file/hdu.ts";
export type { Card, CardValue, Complex } from "./header/card.ts";
export {
  type Header,
  headerBytes,
  headerFlag,
  headerFromCards,
  headerInteger,
  headerNumber,
  headerText,
  parseHeader,
} from "./header/header.ts";
export { imageHeader, inheritedHeader } from "./header/image-header.ts";
export { commentCards, realCard, valueCard } from "./header/write-card.ts";
export type { StoredArray } from "./read/physical-values.ts";
export { type PhysicalArray, physicalValues } from "./read/physical-values.ts";
export { decodeSection, type ReadSectionOptions, readSection } from "./read/read-section.ts";
export type { SectionBox } from "./read/section-box.ts";
export { planSection, type SectionPlan } from "./read/section-plan.ts";
export type { ByteRange, ByteSource, ReadOptions } from "./source/byte-source.ts";
export { memorySource } from "./source/byte-source.ts";
export { fetchSource } from "./source/fetch-source.ts";
export { emptyPrimary, type ImageToWrite, imageHdu } from "./write/write-image.ts";
export { binaryTableHdu, type TableColumn } from "./write/write-table.ts";
export { type ByteSink, type TiledImageToWrite, writeTiledImage } from "./write/write-tiled-image.ts";
