/** Header fields of a response, with names in lower case. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header field that may occur only once. */
export function headerField(fields: HeaderFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" ? value : value?.[0];
}

/** The body of a response as it arrives. Connection errors are SOURCE_* codes. */
export interface HttpBody {
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** Abandons the rest; closes the connection if there is any. Harmless after the body was read. */
  close(): void;
}

/** The head of a response and its body, which must be read to its end or closed. */
export interface HttpResponse {
  readonly status: number;
  readonly fields: HeaderFields;
  readonly body: HttpBody;
  /** Where the response came from, after redirects. */
  readonly url: URL;
}

/** The first `limit` bytes of a body, fewer if it ends or breaks first. Closes the body. */
export async function firstBytes(body: HttpBody, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body.chunks()) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // after a broken connection, inspect what has arrived
  } finally {
    body.close();
  }
  return Buffer.concat(parts).subarray(0, limit);
}
