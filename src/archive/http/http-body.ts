import type { IncomingMessage } from "node:http";
import type { Traffic } from "../hosts/traffic.ts";
import { codedError } from "../source/coded-error.ts";
import type { HttpBody } from "./http-answer.ts";
import { transportError } from "./transport-error.ts";

/** Longest body that is read to its end although nobody wants it, so that its connection can be used again. */
const DISCARDED_BYTES = 16_384;

/** What the body of a response from `host` is read with. */
export interface BodyOptions {
  readonly host: string;
  readonly signal: AbortSignal;
  /** Longest silence while the reader waits, in milliseconds. */
  readonly idleTimeoutMs: number;
  readonly traffic: Traffic;
  /** Called with the error that the body ends with; without one when it was read or given up. */
  readonly ended: (error?: unknown) => void;
}

/** The body of a response; its bytes are counted. */
export function bodyOf(response: IncomingMessage, options: BodyOptions): HttpBody {
  const { host, signal, idleTimeoutMs, traffic, ended } = options;
  let isOver = false;
  const end = (failure?: unknown) => {
    if (!isOver) ended(failure);
    isOver = true;
  };
  return {
    async *chunks() {
      const late = () => response.destroy(codedError("BODY_TIMEOUT", `no data for ${idleTimeoutMs} ms`));
      // a reader that takes its time is no silence of the archive
      let timer = setTimeout(late, idleTimeoutMs);
      let failure: unknown;
      try {
        for await (const chunk of response as AsyncIterable<Uint8Array>) {
          clearTimeout(timer);
          traffic.bytes += chunk.length;
          yield chunk;
          timer = setTimeout(late, idleTimeoutMs);
        }
      } catch (error) {
        failure = transportError(error, host, signal);
        throw failure;
      } finally {
        clearTimeout(timer);
        end(failure);
      }
    },
    close() {
      end();
      response.destroy();
    },
  };
}

/** Reads a body that nobody wants to its end when it is short; else ends its connection. */
export function discard(response: IncomingMessage, idleTimeoutMs: number): void {
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  if (!(length <= DISCARDED_BYTES)) {
    response.destroy();
    return;
  }
  const timer = setTimeout(() => response.destroy(), idleTimeoutMs);
  response.once("close", () => clearTimeout(timer));
  response.resume();
}
