import { createCipheriv, createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Responds to one request. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A request as received, and the body bytes that were sent for it. */
interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * An archive on loopback with one file at every path, which follows RFC 9110 except where a test
 * makes it fail.
 */
export interface Archive {
  readonly url: string;
  readonly host: string;
  readonly seen: SeenRequest[];
  /** Responses for the next requests in place of the correct ones, used one by one. */
  readonly faults: Answer[];
  /** The current file of the archive. */
  file: { bytes: Uint8Array; etag?: string; lastModified?: string; date?: string };
  /** The correct response. */
  readonly serve: Answer;
  close(): Promise<void>;
}

/** Bytes that identify their position: no two runs of eight are equal. */
export function testBytes(length: number, seed = "a"): Uint8Array {
  const key = createHash("sha256").update(seed).digest();
  return new Uint8Array(createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(new Uint8Array(length)));
}

/** Starts an archive that contains `bytes`. */
export async function startArchive(bytes: Uint8Array): Promise<Archive> {
  const seen: SeenRequest[] = [];
  const faults: Answer[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers });
    response.on("error", () => undefined);
    (faults.shift() ?? archive.serve)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const archive: Archive = {
    url: `http://${host}/frames/a.fits`,
    host,
    seen,
    faults,
    file: { bytes, etag: '"one"', lastModified: "Tue, 17 Feb 2026 14:10:16 GMT" },
    serve: (request, response) => serveFile(archive.file, request, response),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return archive;
}

/** Range and If-Range according to RFC 9110, 13.1.5 and 14.2, for a single range. */
function serveFile(file: Archive["file"], request: IncomingMessage, response: ServerResponse): void {
  const { bytes } = file;
  const state = stateFields(file);
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const condition = request.headers["if-range"];
  const stale = condition !== undefined && condition !== file.etag && condition !== file.lastModified;
  if (asked === null || stale) {
    response.writeHead(200, { ...state, "content-length": bytes.length }).end(bytes);
    return;
  }
  const start = Number(asked[1]);
  const end = asked[2] === "" ? bytes.length : Math.min(bytes.length, Number(asked[2]) + 1);
  if (start >= end) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  response
    .writeHead(206, { ...state, "content-range": range, "content-length": end - start })
    .end(bytes.subarray(start, end));
}

function stateFields({ etag, lastModified, date }: Archive["file"]): Record<string, string> {
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { "last-modified": lastModified }),
    ...(date !== undefined && { date }),
  };
}

/** Faults of archives. */
export const FAULTS = {
  /** Accepts the request and never responds. */
  stall: (): Answer => () => undefined,
  /** A response without the file. */
  status:
    (status: number, fields: Record<string, string> = {}, body = ""): Answer =>
    (_request, response) =>
      void response.writeHead(status, fields).end(body),
  /** A response other than the correct one: fields and bytes. */
  reply:
    (status: number, fields: Record<string, string | number>, bytes: Uint8Array): Answer =>
    (_request, response) =>
      void response.writeHead(status, fields).end(bytes),
  /** Closes the connection before responding. */
  hangUp: (): Answer => (request) => void request.socket.destroy(),
  /**
   * The correct response, of which `count` bytes arrive; then the connection is closed or, with
   * `stalls`, goes silent.
   */
  onlyPart:
    (archive: Archive, count: number, stalls = false): Answer =>
    (request, response) => {
      const end = response.end.bind(response);
      response.end = ((bytes: Uint8Array) => {
        response.write(bytes.subarray(0, count), () => {
          if (!stalls) request.socket.destroySoon();
        });
        response.end = end;
        return response;
      }) as typeof response.end;
      archive.serve(request, response);
    },
  /** The whole file with 200, whatever was requested. */
  ignoreRange:
    (archive: Archive): Answer =>
    (request, response) => {
      delete request.headers.range;
      archive.serve(request, response);
    },
  redirect:
    (location: string, status = 302): Answer =>
    (_request, response) =>
      void response.writeHead(status, { location, "content-length": 4 }).end("gone"),
} as const;
