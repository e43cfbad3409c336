export { LabelError, type LabelErrorCode } from "./errors.ts";
export { type ImageLabel, MAXIMUM_LABEL_BYTES, readLabel } from "./label/label.ts";
export { mjdOfTime, unixMsOfMjd } from "./label/pds-time.ts";
export { surveyProfile } from "./surveys/registry.ts";
export type { Band } from "./surveys/survey-profile.ts";
