import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, type OracleServer, startServer } from "./oracle-server.ts";

/** A request as nginx logged it. */
interface LoggedRequest {
  readonly path: string;
  readonly range: string;
  readonly status: number;
  readonly bodyBytes: number;
  readonly userAgent: string;
}

/** An nginx that serves files. */
export interface Nginx extends OracleServer {
  readonly url: string;
  /**
   * Requests since the last call; waits until `count` of them are in the log, which is written when
   * they end.
   */
  requests(count: number): Promise<readonly LoggedRequest[]>;
}

/**
 * Starts nginx over the files in `folder`/files: below /files/ unchanged, below /whole/ without
 * ranges, below /packed/ gzipped, below /moved/ as redirects to /files/. Its own files are in
 * `folder` as well.
 */
export async function startNginx(folder: string): Promise<Nginx> {
  const port = await freePort();
  for (const name of ["files", "temporary"]) mkdirSync(join(folder, name), { recursive: true });
  const log = join(folder, "access.log");
  writeFileSync(log, "");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/temporary/${name};`)
    .join("\n");
  const configuration = join(folder, "nginx.conf");
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 128; }
http {
  ${temporary}
  log_format requests '$request_uri\t$http_range\t$status\t$body_bytes_sent\t$http_user_agent';
  access_log ${log} requests;
  sendfile on;
  server {
    listen 127.0.0.1:${port};
    location /files/ { alias ${folder}/files/; }
    location /whole/ { alias ${folder}/files/; max_ranges 0; }
    location /packed/ { alias ${folder}/files/; gzip on; gzip_types *; gzip_min_length 1; add_header Content-Encoding gzip; }
    location /moved/ { rewrite ^/moved/(.*)$ /files/$1 redirect; }
  }
}
`,
  );
  const server = await startServer(
    "nginx",
    ["-c", configuration, "-p", folder, "-e", join(folder, "error.log")],
    port,
  );
  let known = 0;
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    async requests(count) {
      for (const end = Date.now() + 10_000; ; ) {
        const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
        if (lines.length >= known + count || Date.now() > end) {
          const fresh = lines.slice(known);
          known = lines.length;
          return fresh.map(requestOf);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

function requestOf(line: string): LoggedRequest {
  const [path = "", range = "", status, bodyBytes, userAgent = ""] = line.split("\t");
  return { path, range, status: Number(status), bodyBytes: Number(bodyBytes), userAgent };
}
