import type { StoreSettings } from "./store-settings.ts";

/**
 * The settings of the service in groups. docs/configuration.md says what each means; the names here
 * carry the units. Paths are absolute, URLs have no trailing slash. An empty list restricts
 * nothing.
 */
export interface Settings {
  readonly service: ServiceSettings;
  readonly http: HttpSettings;
  readonly rateLimit: RateLimitSettings;
  readonly log: LogSettings;
  readonly cache: CacheSettings;
  readonly products: ProductSettings;
  readonly archive: ArchiveSettings;
  readonly database: DatabaseSettings;
  readonly cluster: ClusterSettings;
  readonly batch: BatchSettings;
  readonly jobs: JobSettings;
  readonly store: StoreSettings;
  readonly vo: VoSettings;
  readonly page: PageSettings;
  readonly testData: TestDataSettings;
}

/** APP_NAME, IS_DAEMON, IS_PRODUCTION. */
interface ServiceSettings {
  readonly name: string;
  readonly isDaemon: boolean;
  /** Links use the public URL. */
  readonly isProduction: boolean;
}

/**
 * API_HOST, API_PORT, BASE_HREF, PUBLIC_URL, TRUSTED_PROXIES, SBNSIS_STALL_SECONDS, SBNSIS_MAX_AGE.
 */
export interface HttpSettings {
  /** Name or address, without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** With a leading slash and no trailing one; "" for the root. */
  readonly prefix: string;
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  readonly stallSeconds: number;
  readonly maxAgeSeconds: number;
}

/** SBNSIS_RATE_LIMIT and SBNSIS_RATE_BURST. */
interface RateLimitSettings {
  /** 0: no limit. */
  readonly perMinute: number;
  readonly burst: number;
}

/** SBNSIS_LOG_FILE and SBNSIS_ACCESS_LOG. */
interface LogSettings {
  readonly file: string;
  /** "" for none. */
  readonly accessFile: string;
}

/** SBNSIS_CUTOUT_CACHE, SBNSIS_CACHE_*, SBNSIS_MEMORY_CACHE_BYTES. */
interface CacheSettings {
  readonly folder: string;
  /** 0: no limit. */
  readonly maximumBytes: number;
  /** 0: no limit. */
  readonly maximumAgeSeconds: number;
  /** For recently sent products, per worker. */
  readonly memoryBytes: number;
}

/** MAXIMUM_CUTOUT_SIZE, and the threads and limits for making products. */
interface ProductSettings {
  /** Pixels along a side. */
  readonly maximumCutoutSize: number;
  readonly computeThreads: number;
  readonly remoteThreads: number;
  readonly queueLength: number;
  readonly taskSeconds: number;
  /** For unpacked and decoded data, per worker. */
  readonly memoryBytes: number;
}

/** SBNSIS_DATA_ROOTS, SBNSIS_FOLLOW_LINKS, SBNSIS_REMOTE_*, SBNSIS_DOWNLOAD_*, SBNSIS_S3_* ... */
export interface ArchiveSettings {
  readonly dataRoots: readonly string[];
  readonly followLinks: boolean;
  /** In lower case, like redirectHosts. */
  readonly allowedHosts: readonly string[];
  readonly redirectHosts: readonly string[];
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
  /** Per worker and host; 0 for 4 per thread. */
  readonly connections: number;
  readonly revalidateMs: number;
  readonly downloadDeadlineMs: number;
  readonly downloadMaximumBytes: number;
  readonly blockCacheBytes: number;
  readonly s3: S3Settings;
}

/** SBNSIS_S3_*; "" where one is not set. */
export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** DB_*: where the catalog is and how to connect to it. */
export interface DatabaseSettings {
  readonly dialect: "sqlite" | "postgresql";
  /** Name or address with an optional `:port`, or a folder of sockets. */
  readonly host: string;
  /** A read replica, in the same form; "" for none. */
  readonly readHost: string;
  readonly username: string;
  readonly password: string;
  /** Path of a SQLite file, or name of a database of PostgreSQL. */
  readonly name: string;
  readonly sslMode: SslMode | "";
  /** Path of a file, `system`, or "". */
  readonly sslRootCert: string;
  readonly pooler: "none" | "session" | "transaction";
}

/** TLS modes of PostgreSQL (its manual, 34.19.3). */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** What a machine does in a service of several machines. */
export type Role = "serve" | "jobs";

/** SBNSIS_NODE_NAME, SBNSIS_ROLES, LIVE_GUNICORN_INSTANCES, and how workers are kept and end. */
export interface ClusterSettings {
  /** Name of this machine; "" for none, see `setNodeName`. */
  readonly nodeName: string;
  readonly roles: ReadonlySet<Role>;
  /** Negative: one per CPU core. */
  readonly workers: number;
  readonly spareWorker: boolean;
  readonly drainSeconds: number;
  readonly lameDuckSeconds: number;
}

/** SBNSIS_BATCH_*: limits of batches. */
interface BatchSettings {
  readonly rows: number;
  /** Of a list that is sent. */
  readonly bytes: number;
  /** Of all cutouts together. */
  readonly pixels: number;
  readonly perClient: number;
  readonly running: number;
}

/** SBNSIS_JOBS_DATABASE and SBNSIS_JOBS_LEASE_SECONDS. */
export interface JobSettings {
  /** Path of a SQLite file, or URL of a PostgreSQL database. */
  readonly database: string;
  readonly leaseSeconds: number;
}

/** SBNSIS_IVOA_* and SBNSIS_SODA_MAX_PIXELS: the Virtual Observatory. */
interface VoSettings {
  /** "" for none, like contact. */
  readonly authority: string;
  /** `Name <address>`. */
  readonly contact: string;
  /** Longest side of a synchronous cutout. */
  readonly maximumPixels: number;
}

/** SBNSIS_PAGE and SBNSIS_CATCH_URL. */
interface PageSettings {
  readonly enabled: boolean;
  /** "" for none. */
  readonly catchUrl: string;
}

/** TEST_DATA_PATH. */
interface TestDataSettings {
  readonly folder: string;
}
