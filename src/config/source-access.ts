import { isAbsolute, join, resolve } from "node:path";
import { ownFileNames } from "../archive/local-access.ts";
import type { SourceAccess } from "../archive/sources.ts";
import { archiveConnections } from "./archive-connections.ts";
import type { S3Settings, Settings } from "./settings-groups.ts";

/** Longest wait before the first retry, in milliseconds. */
const RETRY_DELAY_MS = 200;

/**
 * Where images may be read from, and how, according to the settings; every request identifies the
 * service and its version. Errors: CONFIG_INVALID for too few connections.
 */
export function sourceAccess(settings: Settings, version: string): SourceAccess {
  const { archive } = settings;
  const { perHolder, keepsAlive } = archiveConnections(settings);
  return {
    dataRoots: archive.dataRoots,
    local: { followLinks: archive.followLinks, ownFiles: ownFileNames(ownFiles(settings)) },
    http: {
      userAgent: `SBN Survey Image Service ${version}`,
      connectTimeoutMs: archive.connectTimeoutMs,
      idleTimeoutMs: archive.idleTimeoutMs,
      deadlineMs: archive.deadlineMs,
      retries: archive.retries,
      baseDelayMs: RETRY_DELAY_MS,
      allowedHosts: archive.allowedHosts,
      redirectHosts: archive.redirectHosts,
      connections: perHolder,
      keepsAlive,
    },
    s3: s3Options(archive.s3),
    blockCacheBytes: archive.blockCacheBytes,
    download: {
      deadlineMs: archive.downloadDeadlineMs,
      maximumBytes: archive.downloadMaximumBytes,
    },
  };
}

/** The service's own files, which no URL of the catalog and no link in an archive may lead to. */
function ownFiles(settings: Settings): readonly string[] {
  const { database, jobs, log, cache } = settings;
  return [
    resolve(".env"),
    resolve("sbnsis.pid"),
    log.file,
    // the cache folder may be shared with other programs
    join(cache.folder, "sbnsis-products"),
    ...(log.accessFile === "" ? [] : [log.accessFile]),
    // of a database in a file, the name is its path
    ...(isAbsolute(database.name) ? [database.name] : []),
    ...(jobs.database.includes("://") ? [] : [jobs.database]),
  ];
}

function s3Options(settings: S3Settings): SourceAccess["s3"] {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = settings;
  return {
    region,
    ...(endpoint !== "" && { endpoint }),
    ...(accessKeyId !== "" && {
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) },
    }),
  };
}
