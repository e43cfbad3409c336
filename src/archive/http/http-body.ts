import type { IncomingMessage } from "node:http";
import { patientTimeout } from "../../concurrency/deadline.ts";
import type { Traffic } from "../hosts/traffic.ts";
import type { HttpBody } from "./http-response.ts";
import { codedError, transportError } from "./retry.ts";

/** Longest unwanted body that is read to its end so that its connection can be reused. */
const DISCARDED_BYTES = 16_384;

/** Options for reading the body of a response from `host`. */
export interface BodyOptions {
  readonly host: string;
  readonly signal: AbortSignal;
  /** Longest silence while the reader is waiting, in milliseconds. */
  readonly idleTimeoutMs: number;
  readonly traffic: Traffic;
  /** Called with the error that ends the body, or without one when it was read or abandoned. */
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
      // a slow reader does not count as silence of the archive
      let timer = patientTimeout(idleTimeoutMs, late);
      let failure: unknown;
      try {
        for await (const chunk of response as AsyncIterable<Uint8Array>) {
          timer.clear();
          traffic.bytes += chunk.length;
          yield chunk;
          timer = patientTimeout(idleTimeoutMs, late);
        }
      } catch (error) {
        failure = transportError(error, host, signal);
        throw failure;
      } finally {
        timer.clear();
        end(failure);
      }
    },
    close() {
      end();
      response.destroy();
    },
  };
}

/** Reads an unwanted body to its end if it is short; otherwise closes its connection. */
export function discard(response: IncomingMessage, idleTimeoutMs: number): void {
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  if (!(length <= DISCARDED_BYTES)) {
    response.destroy();
    return;
  }
  const timer = patientTimeout(idleTimeoutMs, () => response.destroy());
  response.once("close", () => timer.clear());
  response.resume();
}
