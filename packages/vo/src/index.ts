export { DATALINK, DATALINK_TYPE, type Link, linksDescriptor, linksDocument } from "./datalink/links.ts";
export { shownText, usageError, VoError, type VoErrorCode } from "./errors.ts";
export {
  MAXREC,
  runIdOf,
  type TableFormat,
  tableFormatOf,
  VOTABLE_TYPE,
} from "./parameters/common.ts";
export { GivenParameters, MAXIMUM_VALUES } from "./parameters/given-parameters.ts";
export { type Interval, overlap } from "./parameters/interval.ts";
export { readPosition, type Shape } from "./parameters/shape.ts";
export { OBSCORE_CONSTANTS, OBSCORE_FIELDS } from "./sia/obscore.ts";
export { readSiaQuery, type SiaQuery } from "./sia/sia-query.ts";
export { type SiaOptions, siaDescriptor } from "./sia/sia-resources.ts";
export {
  SODA_ASYNC,
  SODA_SYNC,
  type SodaDomain,
  type SodaService,
  sodaDescriptorForImage,
  sodaDescriptorForRows,
} from "./soda/soda-parameters.ts";
export {
  readSodaAsync,
  readSodaSync,
  type SodaCutout,
  type SodaFormat,
  type SodaRegion,
} from "./soda/soda-query.ts";
export {
  EXECUTION,
  RETENTION,
  readDestruction,
  readExecutionDuration,
  readListQuery,
  readPhaseChange,
  readWait,
  type UwsListQuery,
  type UwsWait,
} from "./uws/uws-requests.ts";
export {
  ACTIVE_PHASES,
  time as uwsTime,
  type UwsJob,
  type UwsJobReference,
  type UwsPhase,
  type UwsResult,
  uwsJobDocument,
  uwsJobList,
  uwsParametersDocument,
  uwsResultsDocument,
} from "./uws/uws-xml.ts";
export {
  type Availability,
  availabilityDocument,
  type Capability,
  capabilitiesDocument,
  imageCapabilities,
} from "./vosi/capabilities.ts";
export { examplesDocument, type ServiceExample } from "./vosi/examples.ts";
export { type ResourceRecord, resourceRecordDocument } from "./vosi/resource-record.ts";
export type { CellValue, ParameterValues, VotableField, VotableParam } from "./votable/field.ts";
export {
  type QueryEnd,
  rowWriter,
  type VotableHead,
  votableError,
  votableHead,
  votableTail,
} from "./votable/votable.ts";
