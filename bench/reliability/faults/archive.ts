import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

/**
 * Behavior of an archive. Those up to `no-ranges` are correct: every request that names such an
 * archive must be served.
 */
export type ArchiveMode =
  | "keep-alive"
  | "closing"
  | "other-etags"
  | "aws-chunked"
  | "no-ranges"
  | "stalled"
  | "stalled-in-body"
  | "html"
  | "cut"
  | "reset"
  | "failing";

/** An archive on the loopback that writes its responses byte for byte. */
export interface Archive {
  readonly port: number;
  mode: ArchiveMode;
  close(): Promise<void>;
}

const PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Maintenance</body></html>\n";

/** Serves the files below `folder`; by default closes each connection right after the body. */
export async function startArchive(folder: string): Promise<Archive> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
    let head = "";
    socket.on("data", (data) => {
      head += data.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      const asked = head;
      head = "";
      answer(socket, asked, folder, archive.mode);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const archive: Archive = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    mode: "closing",
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return archive;
}

let answers = 0;

function answer(socket: Socket, head: string, folder: string, mode: ArchiveMode): void {
  const [, method, target] = /^(\w+) (\S+)/.exec(head) ?? [];
  const path = join(folder, decodeURIComponent(target ?? "/"));
  const send = (status: string, fields: readonly string[], body: Uint8Array, keepAlive = false) => {
    const text = [
      `HTTP/1.1 ${status}`,
      `Content-Length: ${body.length}`,
      ...(keepAlive ? [] : ["Connection: close"]),
      ...fields,
      "\r\n",
    ].join("\r\n");
    // one write, so that the last bytes and FIN arrive together
    const whole = Buffer.concat([Buffer.from(text), method === "HEAD" ? Buffer.of() : body]);
    if (mode === "cut") socket.write(whole.subarray(0, whole.length / 2), () => socket.destroy());
    else if (mode === "stalled-in-body") socket.write(whole.subarray(0, whole.length / 2));
    else if (keepAlive) socket.write(whole);
    else socket.end(whole);
  };
  if (mode === "stalled") return;
  if (mode === "reset") {
    socket.resetAndDestroy();
    return;
  }
  if (mode === "failing") {
    send("500 Internal Server Error", [], Buffer.from("no\n"));
    return;
  }
  if (mode === "html") {
    send("200 OK", ["Content-Type: text/html"], Buffer.from(PAGE));
    return;
  }
  if (!existsSync(path) || !statSync(path).isFile()) {
    send("404 Not Found", [], Buffer.of());
    return;
  }
  const all = readFileSync(path);
  answers += 1;
  const fields = [
    `Last-Modified: ${statSync(path).mtime.toUTCString()}`,
    `ETag: "${mode === "other-etags" ? answers : 1}"`,
    ...(mode === "aws-chunked" ? ["Content-Encoding: aws-chunked"] : []),
  ];
  const range = /\r\nrange: *bytes=(\d+)-(\d*)/i.exec(head);
  if (range === null) {
    send("200 OK", fields, all, mode === "keep-alive");
    return;
  }
  if (mode === "no-ranges") {
    send("403 Forbidden", [], Buffer.of());
    return;
  }
  const first = Number(range[1]);
  const end = Math.min(range[2] === "" ? all.length : Number(range[2]) + 1, all.length);
  if (first >= end) {
    send("416 Range Not Satisfiable", [`Content-Range: bytes */${all.length}`], Buffer.of());
    return;
  }
  const part = [...fields, "Accept-Ranges: bytes", `Content-Range: bytes ${first}-${end - 1}/${all.length}`];
  send("206 Partial Content", part, all.subarray(first, end), mode === "keep-alive");
}
