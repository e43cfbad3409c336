import type { HttpBody } from "../http/http-answer.ts";

/** The first `limit` bytes of a body, fewer if it ends or breaks first. Closes the body. */
export async function beginningOf(body: HttpBody, limit: number): Promise<Uint8Array> {
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
