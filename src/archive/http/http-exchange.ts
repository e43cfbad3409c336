import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import * as http from "node:http";
import * as https from "node:https";
import { type PatientTimeout, patientTimeout } from "../../concurrency/deadline.ts";
import { codedError } from "./retry.ts";

/** Time limits of the phases of an exchange, in milliseconds. */
export interface ExchangeLimits {
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/**
 * Sends a GET request and waits for the head of the response. Later errors of the connection reach
 * only the reader of the body; every event has a listener.
 * Errors: those of Node, CONNECT_TIMEOUT, HEADERS_TIMEOUT, and those of `accept`, which is called
 * with the peer's address before any byte is sent on a connection.
 */
export function exchange(
  secure: boolean,
  options: RequestOptions,
  { connectTimeoutMs, idleTimeoutMs }: ExchangeLimits,
  accept: (address: string | undefined) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(options);
    let timer: PatientTimeout | undefined;
    const fail = (error: Error) => {
      timer?.clear();
      reject(error);
      request.destroy();
    };
    const wait = (milliseconds: number, code: string) => {
      timer?.clear();
      timer = patientTimeout(milliseconds, () => fail(codedError(code, `no data for ${milliseconds} ms`)));
    };
    request.once("socket", (socket) => {
      const connected = () => {
        try {
          accept(socket.remoteAddress);
          wait(idleTimeoutMs, "HEADERS_TIMEOUT");
        } catch (error) {
          fail(error as Error);
        }
      };
      if (!request.reusedSocket && (socket.connecting || secure)) {
        wait(connectTimeoutMs, "CONNECT_TIMEOUT");
        socket.once(secure ? "secureConnect" : "connect", connected);
      } else connected();
    });
    request.once("response", (response) => {
      timer?.clear();
      // errors after the reader is gone do not matter
      response.on("error", () => undefined);
      resolve(response);
    });
    // 101, which was not requested
    request.once("upgrade", (_response, socket) => {
      socket.on("error", () => undefined);
      socket.destroy();
      fail(codedError("HPE_UNEXPECTED_UPGRADE", "the response switches protocols"));
    });
    request.on("error", (error) => fail(stale(request, error)));
    request.once("close", () => {
      timer?.clear();
      reject(codedError("ECONNRESET", "the connection ended before the response"));
    });
    request.end();
  });
}

/**
 * Marks the error of a kept-alive connection that the archive had closed: a new connection may
 * work.
 */
function stale(request: ClientRequest, error: NodeJS.ErrnoException): Error {
  const isStale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
  return isStale ? codedError("STALE_CONNECTION", error.message) : error;
}
