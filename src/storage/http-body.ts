import type { Dispatcher } from "undici";
import type { HttpBody } from "./http-answer.ts";
import type { Traffic } from "./traffic.ts";
import { transportError } from "./transport-error.ts";

/** The body of an answer from `host` of undici; its bytes are counted. */
export function bodyOf(
  body: Dispatcher.ResponseData["body"],
  host: string,
  signal: AbortSignal,
  traffic: Traffic,
): HttpBody {
  // what breaks after the reader has gone is nobody's concern
  body.on("error", () => undefined);
  return {
    async *chunks() {
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          traffic.bytes += chunk.length;
          yield chunk;
        }
      } catch (error) {
        throw transportError(error, host, signal);
      }
    },
    close: () => void body.destroy(),
  };
}
