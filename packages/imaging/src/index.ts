export { type AvmFacts, avmPacket } from "./avm/avm.ts";
export { COLORMAPS } from "./colour/colormap.ts";
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
export { marksOnPicture, pictureGeometry } from "./frame/picture-geometry.ts";
export { kernelRoom } from "./kernel/picture-kernel.ts";
export { bufferedLevels, drawBufferedRows } from "./render/buffered-frame.ts";
export {
  CUTS,
  type Cut,
  MAXIMUM_ZOOM,
  type PictureOptions,
  STRETCHES,
  ZOOM_PIXELS,
} from "./render/picture-options.ts";
export { numericPixels, type PixelArray } from "./render/pixel-array.ts";
export { renderCutoutPicture } from "./render/render-cutout-picture.ts";
export { type FramePictureInput, renderFramePicture } from "./render/render-frame-picture.ts";
export { type Picture, reduceAndFinish } from "./render/render-picture.ts";
export { resampledArray } from "./resample/resample.ts";
export { reducedSize } from "./resample/scale.ts";
export { type LevelJob, missingOf, takeBands } from "./stretch/level-job.ts";
