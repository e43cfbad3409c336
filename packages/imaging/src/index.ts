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
export { drawHeldRows, heldLevels } from "./render/held-frame.ts";
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
export { finishPicture, type Picture } from "./render/render-picture.ts";
export { reducedSize } from "./resample/reduce.ts";
export { resampledArray } from "./resample/resample.ts";
export { type LevelJob, missingOf, takeBands } from "./stretch/level-job.ts";
