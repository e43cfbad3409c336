import { HttpClient, type HttpClientOptions } from "../../../src/archive/http/http-client.ts";
import { type Archive, startArchive, testBytes } from "./test-archive.ts";

/** A client with short timeouts. */
export function testClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  return new HttpClient({
    userAgent: "SBN Survey Image Service 1.2.3",
    connectTimeoutMs: 2000,
    idleTimeoutMs: 300,
    deadlineMs: 10_000,
    retries: 4,
    baseDelayMs: 2,
    allowedHosts: [],
    redirectHosts: [],
    ...options,
  });
}

/** An archive on loopback with a file of `size` test bytes, and a client for it. */
export interface ArchiveWithClient {
  readonly archive: Archive;
  readonly client: HttpClient;
  close(): Promise<void>;
}

export async function archiveWithClient(size: number): Promise<ArchiveWithClient> {
  const archive = await startArchive(testBytes(size));
  const client = testClient();
  const close = async () => {
    await client.close();
    await archive.close();
  };
  return { archive, client, close };
}
