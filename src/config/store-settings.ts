import { Type } from "typebox";
import type { S3BucketOptions } from "../archive/store/s3-bucket.ts";
import { SisError } from "../errors/sis-error.ts";
import { withoutTrailingSlashes } from "./text-value.ts";

const LOCATION = {
  default: "",
  pattern: "^s3://[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*/?$",
  "x-allowed": "s3://bucket or s3://bucket/prefix",
};

/** Variables of the stores that several machines share. */
export const storeVariables = {
  SBNSIS_PRODUCT_STORE: Type.String({
    description:
      "S3 store in which machines share products that take long to make, such as s3://bucket/products. Remove old objects by a lifecycle rule of the bucket. Empty: none.",
    ...LOCATION,
  }),
  SBNSIS_PRODUCT_STORE_MIN_MS: Type.Integer({
    description:
      "A product is stored in SBNSIS_PRODUCT_STORE if it took at least this time to make, in milliseconds. Writing a small one costs more than making it again.",
    default: 300,
    minimum: 0,
    maximum: 3_600_000,
  }),
  SBNSIS_RESULT_STORE: Type.String({
    description:
      "S3 store for files.zip and frames.fits of finished batches, such as s3://bucket/results: after the first download, clients are redirected (303) to a signed URL. Remove objects older than SBNSIS_CACHE_MAX_AGE by a lifecycle rule of the bucket. Empty: none.",
    ...LOCATION,
  }),
  SBNSIS_RESULT_URL_SECONDS: Type.Integer({
    description: "Time for which a signed URL of SBNSIS_RESULT_STORE is valid, in seconds.",
    default: 3600,
    minimum: 60,
    maximum: 604_800,
  }),
  SBNSIS_STORE_S3_ENDPOINT: Type.String({
    description:
      "Base URL of the S3 store of SBNSIS_PRODUCT_STORE and SBNSIS_RESULT_STORE; clients must reach it to download results. Empty: Amazon S3 in SBNSIS_STORE_S3_REGION.",
    default: "",
    pattern: "^https?://[^\\s?#@]+$",
    "x-allowed": "a URL with http or https",
  }),
  SBNSIS_STORE_S3_REGION: Type.String({
    description: "Region of that S3 store, used in signatures.",
    default: "us-east-1",
    pattern: "^[A-Za-z0-9-]+$",
    "x-allowed": "letters, digits and hyphens",
  }),
  SBNSIS_STORE_S3_ACCESS_KEY_ID: Type.String({
    description: "Access key for that S3 store, which may read, write and delete objects.",
    default: "",
  }),
  SBNSIS_STORE_S3_SECRET_ACCESS_KEY: Type.String({
    description: "Secret access key for that S3 store.",
    default: "",
  }),
};

/** SBNSIS_PRODUCT_STORE*, SBNSIS_RESULT_* and SBNSIS_STORE_S3_*. */
export interface StoreSettings {
  /** Undefined for none, like `results`. */
  readonly products: S3BucketOptions | undefined;
  /** Products that were made faster than this are not stored, milliseconds. */
  readonly minimumMs: number;
  readonly results: S3BucketOptions | undefined;
  readonly resultUrlSeconds: number;
}

/** The stores that several machines share. Errors: CONFIG_INVALID for one without its keys. */
export function storeSettings(values: {
  readonly SBNSIS_PRODUCT_STORE: string;
  readonly SBNSIS_PRODUCT_STORE_MIN_MS: number;
  readonly SBNSIS_RESULT_STORE: string;
  readonly SBNSIS_RESULT_URL_SECONDS: number;
  readonly SBNSIS_STORE_S3_ENDPOINT: string;
  readonly SBNSIS_STORE_S3_REGION: string;
  readonly SBNSIS_STORE_S3_ACCESS_KEY_ID: string;
  readonly SBNSIS_STORE_S3_SECRET_ACCESS_KEY: string;
}): StoreSettings {
  const endpoint = withoutTrailingSlashes(values.SBNSIS_STORE_S3_ENDPOINT);
  const bucket = (location: string, variable: string): S3BucketOptions | undefined => {
    if (location === "") return undefined;
    for (const name of ["SBNSIS_STORE_S3_ACCESS_KEY_ID", "SBNSIS_STORE_S3_SECRET_ACCESS_KEY"] as const) {
      if (values[name] === "") throw new SisError("CONFIG_INVALID", `${variable} is set, but ${name} is not`);
    }
    return {
      location: withoutTrailingSlashes(location),
      ...(endpoint !== "" && { endpoint }),
      region: values.SBNSIS_STORE_S3_REGION,
      accessKeyId: values.SBNSIS_STORE_S3_ACCESS_KEY_ID,
      secretAccessKey: values.SBNSIS_STORE_S3_SECRET_ACCESS_KEY,
    };
  };
  return {
    products: bucket(values.SBNSIS_PRODUCT_STORE, "SBNSIS_PRODUCT_STORE"),
    minimumMs: values.SBNSIS_PRODUCT_STORE_MIN_MS,
    results: bucket(values.SBNSIS_RESULT_STORE, "SBNSIS_RESULT_STORE"),
    resultUrlSeconds: values.SBNSIS_RESULT_URL_SECONDS,
  };
}
