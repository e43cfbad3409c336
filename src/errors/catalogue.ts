/**
 * What a code means to a client: its HTTP status, its RFC 9457 title and, when the message is
 * internal, the sentence that clients get instead.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  /**
   * Sent as `detail` in place of the error's own message. Without it the message itself is public
   * and must not contain a path.
   */
  readonly publicDetail?: string;
  /** Sent as `code` in place of the error's own code, which is then sent as `reason`. */
  readonly publicCode?: "CORRUPT_SOURCE";
}

const corrupt = {
  status: 500,
  title: "Internal Server Error",
  publicDetail: "The source file of this image is damaged, or is not a FITS file that this service can read.",
} as const;

/**
 * Every code that an error of this project can have. docs/errors.md is generated from this table.
 */
export const ERROR_CATALOGUE = {
  // the request
  INVALID_PARAMETER: { status: 400, title: "Bad Request" },
  INCOMPLETE_CUTOUT: { status: 400, title: "Bad Request" },
  ALIGN_NEEDS_PICTURE: { status: 400, title: "Bad Request" },
  CUTOUT_TOO_LARGE: { status: 400, title: "Bad Request" },
  FRAME_TOO_LARGE: { status: 400, title: "Bad Request" },
  OFF_IMAGE: { status: 400, title: "Bad Request" },
  REGION_OFF_IMAGE: { status: 400, title: "Bad Request" },
  STACK_INVALID: { status: 400, title: "Bad Request" },
  STACK_NOISE: { status: 400, title: "Bad Request" },
  NO_CELESTIAL_WCS: { status: 400, title: "Bad Request" },
  NO_IMAGE: { status: 400, title: "Bad Request" },
  IMAGE_NOT_FOUND: { status: 404, title: "Not Found" },
  ROUTE_NOT_FOUND: { status: 404, title: "Not Found" },
  TILE_NOT_FOUND: { status: 404, title: "Not Found" },
  TILE_VERSION: { status: 410, title: "Gone" },
  METHOD_NOT_ALLOWED: { status: 405, title: "Method Not Allowed" },
  MALFORMED_REQUEST: { status: 400, title: "Bad Request" },
  PRECONDITION_FAILED: { status: 412, title: "Precondition Failed" },
  URI_TOO_LONG: { status: 414, title: "URI Too Long" },
  RANGE_NOT_SATISFIABLE: { status: 416, title: "Range Not Satisfiable" },
  CANCELLED: { status: 499, title: "Client Closed Request" },
  // lists of moving objects
  LIST_UNREADABLE: { status: 400, title: "Bad Request" },
  LIST_TOO_LARGE: { status: 413, title: "Content Too Large" },
  EPHEMERIS_FRAME: { status: 400, title: "Bad Request" },
  ROW_INVALID: { status: 400, title: "Bad Request" },
  NO_TIME: { status: 400, title: "Bad Request" },
  NO_FRAME: { status: 404, title: "Not Found" },
  CATCH_FAILED: { status: 502, title: "Bad Gateway" },
  ROWS_CHANGED: { status: 409, title: "Conflict" },
  // the interfaces of the Virtual Observatory
  VO_USAGE: { status: 400, title: "Bad Request" },
  VO_MULTIPLE: { status: 400, title: "Bad Request" },
  VO_FORBIDDEN: { status: 403, title: "Forbidden" },
  // the sources
  SOURCE_MISSING: {
    status: 404,
    title: "Not Found",
    publicDetail: "The image is in the database, but its file is missing.",
  },
  SOURCE_UNREADABLE: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The file of this image cannot be read.",
  },
  SOURCE_CHANGED: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The file of this image changed while it was being read. Try again.",
  },
  SOURCE_SCHEME: {
    status: 501,
    title: "Not Implemented",
    publicDetail: "This image is stored in a place that this service cannot read.",
  },
  SOURCE_NOT_ALLOWED: {
    status: 403,
    title: "Forbidden",
    publicDetail: "This image is stored in a place that this service is not allowed to read.",
  },
  SOURCE_UNREACHABLE: {
    status: 502,
    title: "Bad Gateway",
    publicDetail: "The archive that holds this image cannot be reached. Try again later.",
  },
  SOURCE_UPSTREAM: {
    status: 502,
    title: "Bad Gateway",
    publicDetail: "The archive that holds this image sent an invalid response. Try again later.",
  },
  SOURCE_NO_RANGES: {
    status: 502,
    title: "Bad Gateway",
    publicDetail:
      "The archive that holds this image does not support range requests, and the file is too large to fetch whole.",
  },
  SOURCE_TOO_LARGE: {
    status: 502,
    title: "Bad Gateway",
    publicDetail: "The file of this image is larger than this service will fetch from an archive.",
  },
  SOURCE_TIMEOUT: {
    status: 504,
    title: "Gateway Timeout",
    publicDetail: "The archive that holds this image took too long to respond. Try again later.",
  },
  CORRUPT_SOURCE: corrupt,
  FITS_TRUNCATED: { ...corrupt, publicCode: "CORRUPT_SOURCE" },
  FITS_CORRUPT: { ...corrupt, publicCode: "CORRUPT_SOURCE" },
  FITS_TILE_CORRUPT: { ...corrupt, publicCode: "CORRUPT_SOURCE" },
  FITS_TOO_LARGE: { ...corrupt, publicCode: "CORRUPT_SOURCE" },
  FITS_UNSUPPORTED: {
    status: 501,
    title: "Not Implemented",
    publicDetail: "The file of this image uses a FITS feature that this service does not read.",
  },
  FITS_NO_SUCH_HDU: { ...corrupt, publicCode: "CORRUPT_SOURCE" },
  FITS_SECTION: { status: 400, title: "Bad Request" },
  FITS_WRITE: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The product could not be written as a FITS file.",
  },
  WCS_INVALID: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The coordinate system in the header of this image is invalid.",
  },
  WCS_UNSUPPORTED: {
    status: 501,
    title: "Not Implemented",
    publicDetail: "This service does not support the coordinate system of this image.",
  },
  PICTURE_FAILED: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The picture could not be created.",
  },
  // labels and the catalog
  LABEL_INVALID: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The label of this image is invalid.",
  },
  LABEL_SKIPPED: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The label does not describe an image.",
  },
  CATALOG_UNAVAILABLE: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The database cannot be reached. Try again later.",
  },
  CATALOG_SCHEMA: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The database tables do not match this version of the service.",
  },
  // jobs
  JOB_NOT_FOUND: { status: 404, title: "Not Found" },
  NOT_COMPLETE: { status: 409, title: "Conflict" },
  TOO_MANY_JOBS: { status: 429, title: "Too Many Requests" },
  JOBS_UNAVAILABLE: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The database of jobs cannot be reached. Try again later.",
  },
  // the service
  CACHE_UNAVAILABLE: {
    status: 507,
    title: "Insufficient Storage",
    publicDetail: "The product could not be stored. Try again later.",
  },
  STOPPING: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The service is restarting. Try again.",
  },
  NOT_SERVING: { status: 503, title: "Service Unavailable" },
  OVERLOADED: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The service is busy. Try again later.",
  },
  MEMORY_SHORT: {
    status: 503,
    title: "Service Unavailable",
    publicDetail: "The service is short of memory for this product at the moment. Try again later.",
  },
  MEMORY_EXCEEDED: {
    status: 507,
    title: "Insufficient Storage",
    publicDetail:
      "This product needs more memory than the service allows for one request. Request a smaller part of the image, or another format.",
  },
  TASK_TIMEOUT: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "This product took longer than the service allows.",
  },
  RATE_LIMITED: { status: 429, title: "Too Many Requests" },
  CONFIG_INVALID: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "Invalid configuration.",
  },
  USAGE: { status: 500, title: "Internal Server Error", publicDetail: "Invalid command line." },
  OPERATION_FAILED: { status: 500, title: "Internal Server Error", publicDetail: "The operation failed." },
  INTERNAL: {
    status: 500,
    title: "Internal Server Error",
    publicDetail: "The service could not complete this request. The log has the reason under the job id.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
