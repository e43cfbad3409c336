export { ApngWriter } from "./animation/apng.ts";
export { type AvmFacts, avmPacket } from "./avm/avm.ts";
export { COLORMAPS, colormapTable } from "./color/colormap.ts";
export { type Canvas, drawCaption, text as drawText } from "./draw/canvas.ts";
export type { Mark } from "./draw/marks.ts";
export { drawMarks } from "./draw/marks.ts";
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
export { clearOutside } from "./frame/region-blocks.ts";
export { regionBox } from "./frame/region-box.ts";
export type { TanFrame } from "./frame/tan-frame.ts";
export { valuesAtRanks } from "./interval/values-at-ranks.ts";
export { zscale, zscaleOfSamples } from "./interval/zscale.ts";
export { addIntegersToBlocks, kernelRoom } from "./kernel/picture-kernel.ts";
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
export {
  boxOnPlane,
  type ColorChannel,
  type ColorPlane,
  type ColorStretch,
  colorPlane,
  finestScale,
  renderColor,
} from "./render/render-color.ts";
export { renderSampledRows } from "./render/render-sampled-rows.ts";
export { reducedSize } from "./resample/scale.ts";
export { BACKGROUNDS, type Background } from "./stack/background.ts";
export { blinkLevels } from "./stack/blink-frame.ts";
export { boxOfRows, framePlaces, planeMap, type StackPlane } from "./stack/frame-places.ts";
export { INTERPOLATION_REACH, INTERPOLATIONS, type Interpolation } from "./stack/kernel/sample-plain.ts";
export {
  alongAxis,
  carried,
  type Motion,
  type MovingPosition,
  motionAt,
  positionAt,
  type TimedPosition,
} from "./stack/motion.ts";
export {
  COMBINATIONS,
  type Combination,
  type Stack,
  type StackFrame,
  stackFrames,
} from "./stack/stack-frames.ts";
export { type BandJob, takeBands } from "./stretch/band-job.ts";
export { BandProgress } from "./stretch/band-progress.ts";
export { STRETCH_FUNCTIONS } from "./stretch/functions/registry.ts";
export { bandsOfBlocks } from "./stretch/stretch-bands.ts";
