import type { ErrorCode } from "../src/errors/catalogue.ts";

/** Why an error occurs, and what a client or an operator can do about it. */
export interface ErrorGuidance {
  readonly cause: string;
  readonly remedy: string;
}

const LOG = "Operator: look up the job id in the log";

/** Guidance for docs/errors.md, complete by its type. Reasons of CORRUPT_SOURCE are included. */
export const ERROR_GUIDANCE: Readonly<Record<ErrorCode, ErrorGuidance>> = {
  INVALID_PARAMETER: {
    cause: "A parameter has a value that is not allowed, or is repeated.",
    remedy:
      "Correct it; `parameter`, `value` and `allowed` name the parameter, its value and what is allowed.",
  },
  INCOMPLETE_CUTOUT: {
    cause: "Some but not all of `ra`, `dec` and `size` were given.",
    remedy: "Send all three for a cutout, none for the whole image.",
  },
  ALIGN_NEEDS_PICTURE: {
    cause: "`align=true` was combined with `format=fits` or `label`.",
    remedy: "Use `format=jpeg` or `png`, or leave out `align`.",
  },
  CUTOUT_TOO_LARGE: {
    cause: "The cutout has more pixels along a side than MAXIMUM_CUTOUT_SIZE.",
    remedy:
      "Request a smaller `size` (`limit` is the maximum in pixels). Operator: raise MAXIMUM_CUTOUT_SIZE.",
  },
  FRAME_TOO_LARGE: {
    cause: "The picture would have too many pixels.",
    remedy: "Request a cutout, a smaller `zoom`, or the FITS file.",
  },
  OFF_IMAGE: {
    cause: "The position, with all of its cutout, is outside the image.",
    remedy:
      "Compare it with `footprint`, the corners of the image. `/query?pos=RA,DEC` finds images that show it.",
  },
  REGION_OFF_IMAGE: {
    cause: "No pixel of the image is in the region.",
    remedy: "Compare `region` with `footprint`, the corners of the image.",
  },
  STACK_INVALID: {
    cause: "The options of a stack or an animation do not fit its rows, or exceed a limit.",
    remedy: "Change what `detail` names: fewer or other rows, a smaller `size`, or other options.",
  },
  STACK_NOISE: {
    cause: "A frame of a weighted stack has no measurable noise, so it has no weight.",
    remedy: "Leave the frame out, or use another `combine` or `weights=row`.",
  },
  NO_CELESTIAL_WCS: {
    cause: "The header has no celestial coordinate system, or one whose relation to ICRS is unknown.",
    remedy: "Request the whole image.",
  },
  NO_IMAGE: {
    cause: "The file has no two-dimensional image in the HDU that the service uses.",
    remedy:
      "Request the file with `format=fits`. Operator: run `sbnsis inspect LID`, and see adding-a-survey.md.",
  },
  IMAGE_NOT_FOUND: {
    cause: "No image in the catalog has this LID.",
    remedy: "Check the LID, including upper and lower case; find images with `/query`.",
  },
  ROUTE_NOT_FOUND: {
    cause: "The path is not one of the service, or lacks the prefix BASE_HREF.",
    remedy: "Check the path; `/ui/` lists all of them.",
  },
  TILE_NOT_FOUND: {
    cause: "The level has no tile in that column and row.",
    remedy:
      "Use the levels of `/images/{id}/tiles`; `columns` and `rows` are the number of tiles of the level.",
  },
  TILE_VERSION: {
    cause: "The image was replaced since the tiles were described.",
    remedy: "Read `/images/{id}/tiles` again; `version` is the current one.",
  },
  METHOD_NOT_ALLOWED: { cause: "The method is not GET, HEAD or OPTIONS.", remedy: "Use GET or HEAD." },
  MALFORMED_REQUEST: {
    cause:
      "The request is not valid HTTP, has an invalid percent-encoding or Host field, is too large or too slow.",
    remedy: "Correct the client; percent-encode `%`, `+`, `#` and spaces in the URL.",
  },
  PRECONDITION_FAILED: {
    cause: "If-Match or If-Unmodified-Since does not hold for the current product.",
    remedy: "Request the product again without the condition.",
  },
  URI_TOO_LONG: { cause: "The LID or the URL is too long.", remedy: "Check the LID; send fewer marks." },
  RANGE_NOT_SATISFIABLE: {
    cause: "The Range begins after the end of the product.",
    remedy:
      "Get the size with HEAD, then correct the range. If the file was complete already, there is nothing to do.",
  },
  CANCELLED: {
    cause: "The client closed the connection before the response was complete.",
    remedy: "None; only logs and metrics have this code.",
  },
  LIST_UNREADABLE: {
    cause: "A list of moving objects cannot be read; `line` and `column` say where the problem is.",
    remedy: "Send one of the forms in docs/user.md; check the Content-Type and the encoding.",
  },
  LIST_TOO_LARGE: {
    cause: "A list has more bytes, rows or pixels than the service allows; `limit` is the limit.",
    remedy: "Send the list in parts, or request smaller cutouts.",
  },
  CATCH_FAILED: {
    cause: "The API of CATCH did not send the results of a job.",
    remedy: "Open the job in CATCH; send its results themselves. Operator: check SBNSIS_CATCH_URL.",
  },
  ROWS_CHANGED: {
    cause: "Frames have changed since rows of a batch were made from them; `rows` are the first of them.",
    remedy: "POST to /batch/{id}/retry, or send the list again: these rows are made again.",
  },
  EPHEMERIS_FRAME: {
    cause: "An ephemeris has no astrometric positions in ICRF as seen from the Earth.",
    remedy: "Request an observer table with quantity 1 from Horizons.",
  },
  ROW_INVALID: {
    cause: "A value of a row of a list is missing or not allowed; `column` names it.",
    remedy: "Correct the row; the others are made.",
  },
  NO_TIME: {
    cause: "A row of a list names neither a frame nor a time.",
    remedy: "Add a column obs_id or time.",
  },
  NO_FRAME: {
    cause: "No frame of the catalog was exposed at the time of a row and shows its position.",
    remedy: "None, unless the time or the position is wrong.",
  },
  VO_USAGE: {
    cause: "A parameter of an interface below /vo is missing, or cannot be understood.",
    remedy: "The message names the parameter and what is allowed.",
  },
  VO_MULTIPLE: {
    cause: "A synchronous cutout at /vo/sync has more than one image, region, BAND or TIME.",
    remedy: "Send one request for each, or a job to /vo/async.",
  },
  VO_FORBIDDEN: {
    cause:
      "A job at /vo/async was asked for what its phase does not allow, or by another client than its own.",
    remedy: "Create a new job.",
  },
  SOURCE_MISSING: {
    cause: "The file that the catalog names does not exist.",
    remedy:
      "Operator: check that the archive is mounted and complete; if files have moved, run `sbnsis-add --update` on their labels.",
  },
  SOURCE_UNREADABLE: {
    cause: "The file exists, but reading it failed.",
    remedy: `${LOG}; check permissions and the disk.`,
  },
  SOURCE_CHANGED: {
    cause: "The file was replaced or written to while it was being read.",
    remedy: "Repeat the request.",
  },
  SOURCE_SCHEME: {
    cause: "The location in the catalog is not a file, http, https or s3 URL.",
    remedy: "Operator: harvest the labels again with the right `--base-url`.",
  },
  SOURCE_NOT_ALLOWED: {
    cause:
      "The location is outside SBNSIS_DATA_ROOTS or SBNSIS_ALLOWED_HOSTS, a link leaves its archive, or a redirect is not allowed.",
    remedy: `${LOG}, which names the location; then see "Remote archives" in operator.md.`,
  },
  SOURCE_UNREACHABLE: {
    cause: "The archive could not be reached: no address, connection refused, or a TLS error.",
    remedy: "Try again later. Operator: check network, proxy and certificates.",
  },
  SOURCE_UPSTREAM: {
    cause: "The archive returned an error, broke off the response, or sent something that is not the file.",
    remedy: `Try again later. ${LOG} for the host and its response.`,
  },
  SOURCE_NO_RANGES: {
    cause:
      "The archive does not support range requests, and the file is larger than SBNSIS_DOWNLOAD_MAX_BYTES.",
    remedy: "Operator: enable range requests on the archive, or raise the limit.",
  },
  SOURCE_TOO_LARGE: {
    cause: "The file is larger than SBNSIS_DOWNLOAD_MAX_BYTES.",
    remedy: "Request a cutout. Operator: raise the limit.",
  },
  SOURCE_TIMEOUT: {
    cause: "The archive did not respond in time, or is paused after several timeouts.",
    remedy: "Try again after a minute. Operator: check the archive, and the SBNSIS_REMOTE timeouts.",
  },
  CORRUPT_SOURCE: {
    cause: "The file of the image is damaged; `reason` has one of the codes below.",
    remedy: "Operator: run `sbnsis inspect LID` and restore the file.",
  },
  FITS_TRUNCATED: { cause: "The file ends before its data do.", remedy: "Restore the file." },
  FITS_CORRUPT: {
    cause: "The file is not FITS, or a header card or its compression cannot be read.",
    remedy: "`sbnsis inspect` names the card or the format.",
  },
  FITS_TILE_CORRUPT: { cause: "A compressed tile cannot be decoded.", remedy: "Restore the file." },
  FITS_TOO_LARGE: { cause: "A header or a table is unreasonably large.", remedy: "Check the file." },
  FITS_NO_SUCH_HDU: {
    cause: "The file has no such HDU.",
    remedy: "Check the file, or the survey's profile.",
  },
  FITS_UNSUPPORTED: {
    cause: "The file uses a compression or data type that this service cannot read.",
    remedy: "Request the whole file with `format=fits`.",
  },
  FITS_SECTION: { cause: "The section is outside the image.", remedy: "Report this as a bug." },
  FITS_WRITE: { cause: "The product cannot be expressed as FITS.", remedy: `${LOG}.` },
  WCS_INVALID: {
    cause: "A keyword of the coordinate system is missing, unreadable or contradictory.",
    remedy: "Request the whole image. Operator: `sbnsis inspect LID` names the keyword.",
  },
  WCS_UNSUPPORTED: {
    cause: "The projection or distortion is one that this service does not support.",
    remedy: "Request the whole image. Operator: `sbnsis inspect LID` names it.",
  },
  PICTURE_FAILED: { cause: "Encoding the picture failed.", remedy: `${LOG}.` },
  LABEL_INVALID: {
    cause: "The label is not a valid PDS4 label.",
    remedy: "Correct the label, then harvest it.",
  },
  LABEL_SKIPPED: {
    cause: "The label does not describe an image.",
    remedy: "None; `sbnsis-add` counts it as skipped.",
  },
  CATALOG_UNAVAILABLE: {
    cause: "The database is missing, locked, being replaced, or its server does not respond.",
    remedy: "Try again later. Operator: `/ready` and `sbnsis doctor` state the reason.",
  },
  CATALOG_SCHEMA: {
    cause: "The tables are missing, incomplete, or of a newer version.",
    remedy: "Operator: run `sbnsis verify-tables`, then `sbnsis migrate`.",
  },
  JOB_NOT_FOUND: {
    cause: "There is no job with this id, or it has expired.",
    remedy: "Submit the request again: what is still in the cache is not made twice.",
  },
  NOT_COMPLETE: {
    cause: "The job is still running, so the file would lack rows.",
    remedy: "Wait until `phase` is COMPLETED, or add `partial=true`.",
  },
  TOO_MANY_JOBS: {
    cause: "This client, or the service, has as many unfinished jobs as are allowed at once.",
    remedy: "Wait for `Retry-After`, or for one of your jobs to end, then submit again.",
  },
  JOBS_UNAVAILABLE: {
    cause: "The database of jobs is locked, read-only or full, or its server does not respond.",
    remedy: "Try again later. Operator: check SBNSIS_JOBS_DATABASE.",
  },
  CACHE_UNAVAILABLE: {
    cause: "The disk of the cache is full or read-only, and the product cannot be sent without storing it.",
    remedy: "Operator: free space, or lower SBNSIS_CACHE_MAX_BYTES.",
  },
  STOPPING: {
    cause: "The process stopped or was replaced, and SBNSIS_DRAIN_SECONDS was too short for this request.",
    remedy: "Repeat the request. Operator: raise SBNSIS_DRAIN_SECONDS if archives are slow.",
  },
  NOT_SERVING: {
    cause: "SBNSIS_ROLES of this machine lacks `serve`.",
    remedy: "Operator: take the machine out of the list of the balancer, or give it the role.",
  },
  OVERLOADED: {
    cause:
      "The queue is full, this client has used its share of it, or the process has run out of open files.",
    remedy: "Wait for `Retry-After`, then repeat. Operator: add workers; see `sbnsis_shed_total`.",
  },
  MEMORY_SHORT: {
    cause: "Other products are using the memory that this one needs.",
    remedy: "Repeat after `Retry-After`. Operator: raise SBNSIS_MEMORY_BYTES.",
  },
  MEMORY_EXCEEDED: {
    cause: "The product alone needs more than SBNSIS_MEMORY_BYTES.",
    remedy: "Request a cutout, `width`, or `interpolation=nearest`. Operator: raise SBNSIS_MEMORY_BYTES.",
  },
  TASK_TIMEOUT: {
    cause: "Making the product took longer than SBNSIS_TASK_SECONDS.",
    remedy: "Request a smaller part of the image. Operator: check disk and load.",
  },
  RATE_LIMITED: {
    cause: "The client sent more than SBNSIS_RATE_LIMIT requests per minute.",
    remedy: "Wait for `Retry-After`. Operator: behind a proxy, set TRUSTED_PROXIES.",
  },
  CONFIG_INVALID: {
    cause: "A setting has a value that is not allowed, or `.env` cannot be parsed.",
    remedy: "The message names the setting or the line; see configuration.md.",
  },
  USAGE: { cause: "A command has invalid arguments.", remedy: "See `sbnsis COMMAND --help`." },
  OPERATION_FAILED: { cause: "A command could not do its work.", remedy: "The message states the reason." },
  INTERNAL: { cause: "An unexpected error: a bug.", remedy: `${LOG}, and report it with the stack trace.` },
};
