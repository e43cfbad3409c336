import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3BucketOptions } from "../../../src/archive/store/s3-bucket.ts";
import { freePort, type OracleServer, startServer } from "./oracle-server.ts";

const KEYS = { accessKeyId: "interop-key", secretAccessKey: "interop/secret+key" };

/** A real S3 server with one bucket, `store`. */
export interface S3Server {
  readonly options: S3BucketOptions;
  /** Where the server keeps the objects of the bucket, by name. */
  readonly folder: string;
  /** Variables of a service that uses it. */
  readonly env: Readonly<Record<string, string>>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes what it stored. */
  destroy(): Promise<void>;
}

/** Starts versitygw (`program`) on the loopback. */
export async function startS3Server(program: string): Promise<S3Server> {
  const root = mkdtempSync(join(tmpdir(), "sis-s3-store-"));
  for (const name of ["store", "store/store", "sidecar"]) mkdirSync(join(root, name));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ["--port", `127.0.0.1:${port}`, "--quiet", "--keep-alive", "posix", "--sidecar"];
  const keys = { ROOT_ACCESS_KEY_ID: KEYS.accessKeyId, ROOT_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  let server: OracleServer | undefined;
  const start = async () => {
    server = await startServer(program, [...args, join(root, "sidecar"), join(root, "store")], port, keys);
  };
  const stop = async () => {
    await server?.stop();
    server = undefined;
  };
  await start();
  return {
    options: { location: "s3://store/products", endpoint, region: "us-east-1", ...KEYS },
    folder: join(root, "store", "store"),
    env: {
      SBNSIS_STORE_S3_ENDPOINT: endpoint,
      SBNSIS_STORE_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      SBNSIS_STORE_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    },
    start,
    stop,
    async destroy() {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
