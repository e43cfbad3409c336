import { Type } from "typebox";
import { integer, text } from "./text-value.ts";

/** Variables about where the files of images are read, and how. */
export const archiveVariables = {
  SBNSIS_DATA_ROOTS: text(
    "Folders that local image files must be stored in, separated by colons (semicolons on Windows). Symbolic links are resolved first. Empty: any folder.",
    "",
  ),
  SBNSIS_FOLLOW_LINKS: Type.Boolean({
    description:
      "Whether symbolic links in an archive may point outside it. The archive is the folder of an image's label, or the nearest parent that also contains the image; links on the path to it are always followed. With SBNSIS_DATA_ROOTS, links may point anywhere in those folders.",
    default: false,
  }),
  SBNSIS_ALLOWED_HOSTS: text(
    "Hosts that images may be fetched from (http, https and s3), separated by commas: host (any port), host:port, or *.domain for all hosts in a domain. Redirects are limited to them as well. Empty: any host.",
    "",
    {
      pattern: "^[A-Za-z0-9.*:\\[\\]_,\\s-]*$",
      "x-allowed": "hosts separated by commas, such as archive.example.org, *.example.net, [::1]:8080",
    },
  ),
  SBNSIS_REDIRECT_HOSTS: text(
    "Hosts that archives may redirect to, in addition to the archive itself and the hosts named in the catalog; same form as SBNSIS_ALLOWED_HOSTS. Ignored when SBNSIS_ALLOWED_HOSTS is set. Redirects from a public address to a loopback, link-local or private address are never followed.",
    "",
    {
      pattern: "^[A-Za-z0-9.*:\\[\\]_,\\s-]*$",
      "x-allowed": "hosts separated by commas, such as store.example.org, *.example.net, [::1]:8080",
    },
  ),
  SBNSIS_S3_ENDPOINT: text(
    "Base URL of the S3 store; s3://bucket/key is requested as endpoint/bucket/key. Empty: Amazon S3 in SBNSIS_S3_REGION.",
    "",
    { pattern: "^https?://[^\\s?#@]+$", "x-allowed": "a URL with http or https" },
  ),
  SBNSIS_S3_REGION: text("Region of the S3 store, used in signatures.", "us-east-1", {
    pattern: "^[A-Za-z0-9-]+$",
    "x-allowed": "letters, digits and hyphens",
  }),
  SBNSIS_S3_ACCESS_KEY_ID: text("Access key for the S3 store. Empty: requests are not signed.", ""),
  SBNSIS_S3_SECRET_ACCESS_KEY: text("Secret access key for the S3 store.", ""),
  SBNSIS_S3_SESSION_TOKEN: text("Session token, needed by temporary access keys only.", ""),
  SBNSIS_REMOTE_CONNECT_TIMEOUT_MS: integer(
    "Timeout for connecting to an archive, in milliseconds.",
    5000,
    50,
    300_000,
  ),
  SBNSIS_REMOTE_IDLE_TIMEOUT_MS: integer(
    "Maximum time an archive may send nothing during a response, in milliseconds.",
    15_000,
    50,
    300_000,
  ),
  SBNSIS_REMOTE_DEADLINE_MS: integer(
    "Maximum time for one read from an archive, including retries, in milliseconds.",
    60_000,
    100,
    3_600_000,
  ),
  SBNSIS_REMOTE_RETRIES: integer(
    "Number of retries after a broken connection or a 5xx response from an archive.",
    4,
    0,
    20,
  ),
  SBNSIS_ARCHIVE_CONNECTIONS: integer(
    "Maximum number of connections from each worker to one archive host, idle ones included. A small number slows single products down, and limits how many are made from that host at once. 0: 4 for each thread that reads archives.",
    0,
    0,
    1024,
  ),
  SBNSIS_REMOTE_REVALIDATE_MS: integer(
    "Time for which a remote file is assumed unchanged before it is checked again, in milliseconds. 0: it is checked for every product.",
    300_000,
    0,
    86_400_000,
  ),
  SBNSIS_DOWNLOAD_DEADLINE_MS: integer(
    "Maximum time for downloading a whole file, including retries, in milliseconds.",
    600_000,
    100,
    86_400_000,
  ),
  SBNSIS_DOWNLOAD_MAX_BYTES: integer(
    "Maximum size of a file that is fetched whole from an archive, in bytes.",
    4_294_967_296,
    1,
    1_099_511_627_776,
  ),
  SBNSIS_BLOCK_CACHE_BYTES: integer(
    "Memory that each reader of remote files uses to cache blocks, in bytes. 0: none.",
    33_554_432,
    0,
    4_294_967_296,
  ),
};
