import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { repositoryRoot } from "../oracles.ts";

/** A response received through the web server. */
interface FrontAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A web server with TLS in front of the service, configured from deploy/. */
export interface WebServer {
  readonly url: string;
  /** One request; the certificate is verified. */
  ask(path: string, options?: { method?: string; headers?: Record<string, string> }): Promise<FrontAnswer>;
  stop(): Promise<void>;
}

const MODULES = ["mpm_event", "authz_core", "proxy", "proxy_http", "ssl", "socache_shmcb", "headers"];

/**
 * Starts `kind` with deploy/<kind>.conf, in which only ports, names and files are replaced; all its
 * files are below `folder`.
 */
export async function startWebServer(
  kind: "nginx" | "apache",
  folder: string,
  { port, servicePort }: { readonly port: number; readonly servicePort: number },
): Promise<WebServer> {
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  execFileSync(
    "openssl",
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${certificate}`.split(
      " ",
    ),
    { stdio: "ignore" },
  );
  const shipped = readFileSync(join(repositoryRoot, "deploy", `${kind}.conf`), "utf8")
    .replaceAll("images.example.org.pem", "SITE.pem")
    .replaceAll("/etc/ssl/certs/SITE.pem", certificate)
    .replaceAll("/etc/ssl/private/images.example.org.key", key)
    .replaceAll("images.example.org", "localhost")
    .replaceAll("127.0.0.1:5000", `127.0.0.1:${servicePort}`)
    .replaceAll("listen 443", `listen 127.0.0.1:${port}`)
    .replaceAll("*:443", `127.0.0.1:${port}`);
  const config = join(folder, `${kind}.conf`);
  writeFileSync(
    config,
    kind === "nginx" ? nginxConfig(folder, shipped) : apacheConfig(folder, port, shipped),
  );
  const child =
    kind === "nginx"
      ? spawn("nginx", ["-p", folder, "-c", config, "-e", join(folder, "error.log")], { stdio: "ignore" })
      : spawn("apache2", ["-d", folder, "-f", config, "-D", "FOREGROUND"], { stdio: "ignore" });
  const ca = readFileSync(certificate, "utf8");
  const server: WebServer = {
    url: `https://localhost:${port}`,
    ask: (path, options = {}) => ask(ca, port, path, options),
    stop: () => stop(child),
  };
  for (let i = 0; ; i++) {
    try {
      await server.ask("/api/health");
      return server;
    } catch (error) {
      if (i === 100 || child.exitCode !== null) {
        await stop(child);
        throw new Error(`${kind} does not answer: ${readFileSync(join(folder, "error.log"), "utf8")}`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function nginxConfig(folder: string, shipped: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;\nworker_processes 1;\nuser ${process.env.USER ?? "root"};\npid ${folder}/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${shipped}\n}\n`;
}

function apacheConfig(folder: string, port: number, shipped: string): string {
  const load = MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
  return `ServerRoot ${folder}\nServerName localhost\nPidFile ${folder}/apache.pid\nMutex file:${folder} default\nErrorLog ${folder}/error.log\nListen 127.0.0.1:${port}\n${load.join("\n")}\n${shipped}\n`;
}

function ask(
  ca: string,
  port: number,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> },
): Promise<FrontAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "localhost", port, path, method, headers, ca, agent: false, timeout: 30_000 },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject);
        answer.once("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    asked.once("error", reject).once("timeout", () => asked.destroy(new Error("no answer within 30 s")));
    asked.end();
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
