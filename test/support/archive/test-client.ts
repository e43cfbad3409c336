import { HttpClient, type HttpClientOptions } from "../../../src/archive/http/http-client.ts";

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
