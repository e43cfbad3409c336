export type { ByteRange, ByteSource, ReadOptions } from "./byte-source.ts";
export type { Card, CardValue, Complex } from "./card.ts";
export type { Inflate } from "./codecs/inflate.ts";
export { fetchSource } from "./fetch-source.ts";
export { type FitsFile, type OpenFitsOptions, openFits } from "./fits-file.ts";
export type { Bitpix, Hdu, HduKind } from "./hdu.ts";
export {
  type Header,
  headerBytes,
  headerFlag,
  headerFromCards,
  headerInteger,
  headerNumber,
  headerText,
  parseHeader,
} from "./header.ts";
export { describeImage, type ImageDescription, imageAxes } from "./image-description.ts";
export { imageHeader } from "./image-header.ts";
export { inheritedHeader } from "./inherited-header.ts";
export { type PhysicalArray, physicalValues } from "./physical-values.ts";
export { decodeSection, type ReadSectionOptions, readSection } from "./read-section.ts";
export type { SectionBox } from "./section-box.ts";
export { planSection, type SectionPlan } from "./section-plan.ts";
export type { StoredArray } from "./stored-pixels.ts";
export { commentCards, realCard, valueCard } from "./write-card.ts";
export { emptyPrimary, type ImageToWrite, imageHdu } from "./write-image.ts";
export { type ByteSink, type TiledImageToWrite, writeTiledImage } from "./write-tiled-image.ts";
