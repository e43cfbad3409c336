import { join, resolve } from "node:path";
import { ownFileNames } from "../archive/local-access.ts";
import type { SourceAccess } from "../archive/sources.ts";
import type { Settings } from "./settings.ts";

/** Longest wait before the first retry, in milliseconds. */
const RETRY_DELAY_MS = 200;

/**
 * Where images may be read from, and how, according to the settings; every request identifies the
 * service and its version.
 */
export function sourceAccess(settings: Settings, version: string): SourceAccess {
  return {
    dataRoots: settings.SBNSIS_DATA_ROOTS,
    local: { followLinks: settings.SBNSIS_FOLLOW_LINKS, ownFiles: ownFileNames(ownFiles(settings)) },
    http: {
      userAgent: `SBN Survey Image Service ${version}`,
      connectTimeoutMs: settings.SBNSIS_REMOTE_CONNECT_TIMEOUT_MS,
      idleTimeoutMs: settings.SBNSIS_REMOTE_IDLE_TIMEOUT_MS,
      deadlineMs: settings.SBNSIS_REMOTE_DEADLINE_MS,
      retries: settings.SBNSIS_REMOTE_RETRIES,
      baseDelayMs: RETRY_DELAY_MS,
      allowedHosts: settings.SBNSIS_ALLOWED_HOSTS,
      redirectHosts: settings.SBNSIS_REDIRECT_HOSTS,
    },
    s3: s3Options(settings),
    blockCacheBytes: settings.SBNSIS_BLOCK_CACHE_BYTES,
    download: {
      deadlineMs: settings.SBNSIS_DOWNLOAD_DEADLINE_MS,
      maximumBytes: settings.SBNSIS_DOWNLOAD_MAX_BYTES,
    },
  };
}

/** The service's own files, which no URL of the catalog and no link in an archive may lead to. */
function ownFiles(settings: Settings): readonly string[] {
  const { DB_DIALECT, DB_DATABASE, SBNSIS_LOG_FILE, SBNSIS_ACCESS_LOG, SBNSIS_CUTOUT_CACHE } = settings;
  return [
    resolve(".env"),
    resolve("sbnsis.pid"),
    SBNSIS_LOG_FILE,
    // the cache folder may be shared with other programs
    join(SBNSIS_CUTOUT_CACHE, "sbnsis-products"),
    ...(SBNSIS_ACCESS_LOG === "" ? [] : [SBNSIS_ACCESS_LOG]),
    ...(DB_DIALECT === "sqlite" && DB_DATABASE !== ":memory:" ? [DB_DATABASE] : []),
  ];
}

function s3Options(settings: Settings): SourceAccess["s3"] {
  const {
    SBNSIS_S3_ENDPOINT: endpoint,
    SBNSIS_S3_REGION: region,
    SBNSIS_S3_ACCESS_KEY_ID: accessKeyId,
    SBNSIS_S3_SECRET_ACCESS_KEY: secretAccessKey,
    SBNSIS_S3_SESSION_TOKEN: sessionToken,
  } = settings;
  return {
    region,
    ...(endpoint !== "" && { endpoint }),
    ...(accessKeyId !== "" && {
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) },
    }),
  };
}
