import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A request as it came, and the bytes of body that were sent for it. */
interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** An archive on loopback with one file under every path, which keeps to RFC 9110 except where a test tells it not to. */
export interface Archive {
  readonly url: string;
  readonly host: string;
  readonly seen: SeenRequest[];
  /** Answers for the next requests in place of the right ones, used up one by one. */
  readonly faults: Answer[];
  /** What the archive holds now. */
  file: { bytes: Uint8Array; etag?: string; lastModified?: string };
  /** The right answer. */
  readonly serve: Answer;
  close(): Promise<void>;
}

/** Bytes that tell where they are from: no two runs of eight are alike. */
export function testBytes(length: number, seed = "a"): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    const digest = createHash("sha256").update(`${seed}${at}`).digest();
    bytes.set(digest.subarray(0, Math.min(32, length - at)), at);
  }
  return bytes;
}

/** Starts an archive with `bytes` in it. */
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

/** Range and If-Range as RFC 9110, 13.1.5 and 14.2 want them, for a single range. */
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

function stateFields({ etag, lastModified }: Archive["file"]): Record<string, string> {
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { "last-modified": lastModified }),
  };
}

/** The faults of archives. */
export const FAULTS = {
  /** Accepts the request and says nothing. */
  stall: (): Answer => () => undefined,
  /** An answer without the file. */
  status:
    (status: number, fields: Record<string, string> = {}, body = ""): Answer =>
    (_request, response) =>
      void response.writeHead(status, fields).end(body),
  /** Another answer than the right one: fields and bytes. */
  reply:
    (status: number, fields: Record<string, string | number>, bytes: Uint8Array): Answer =>
    (_request, response) =>
      void response.writeHead(status, fields).end(bytes),
  /** Ends the connection before any answer. */
  hangUp: (): Answer => (request) => void request.socket.destroy(),
  /** The right answer, of which `count` bytes arrive; then the connection ends or, with `stalls`, nothing comes any more. */
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
  /** The whole file with 200, whatever was asked. */
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
