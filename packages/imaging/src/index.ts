export { type AvmFacts, avmPacket } from "./avm/avm.ts";
export { COLORMAPS } from "./colour/colormap.ts";
export { type Canvas, text as drawText } from "./draw/canvas.ts";
export type { Mark } from "./draw/marks.ts";
export { ImagingError, type ImagingErrorCode } from "./errors.ts";
export {
  boxAround,
  type CutoutBox,
  cutoutBox,
  type PixelBox,
  type PixelPoint,
  sidePixels,
} from "./frame/cutout-box.ts";
export type { FrameSource } from "./frame/frame-source.ts";
export { memorySource } from "./frame/frame-source.ts";
export { kernelRoom } from "./kernel/picture-kernel.ts";
export type { Picture, PictureRequest } from "./render/picture.ts";
export {
  CUTS,
  type Cut,
  MAXIMUM_ZOOM,
  type PictureOptions,
  ZOOM_PIXELS,
} from "./render/picture-options.ts";
export { renderPicture } from "./render/pipeline.ts";
export { numericPixels, type PixelArray } from "./render/pixel-array.ts";
export { reducedSize } from "./resample/scale.ts";
export { type BandJob, takeBands } from "./stretch/band-job.ts";
export { STRETCH_FUNCTIONS } from "./stretch/functions/registry.ts";
