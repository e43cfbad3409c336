import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { repositoryRoot } from "../oracles.ts";
import { freePort, startServer } from "../servers/oracle-server.ts";
import type { Node } from "./nodes.ts";

/** A balancer in front of the nodes, configured by deploy/cluster/. */
export interface Front {
  readonly base: string;
  /** Takes a node out, or back in (HAProxy only). */
  setState(node: Node, state: "drain" | "ready"): Promise<void>;
  /** Whether a node gets no requests because its checks fail (HAProxy only). */
  isDown(node: Node): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * Starts HAProxy or nginx with the shipped file, in which only addresses and files are replaced,
 * TLS is left out, and `limit` replaces the requests of a client.
 */
export async function startFront(
  kind: "haproxy" | "nginx",
  nodes: readonly Node[],
  limit = 1_000_000,
): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), `sis-${kind}-`));
  const port = await freePort();
  const socket = join(folder, "admin.sock");
  const name = kind === "haproxy" ? "haproxy.cfg" : "nginx.conf";
  let shipped = readFileSync(join(repositoryRoot, "deploy", "cluster", name), "utf8");
  for (const [i, { place }] of nodes.entries())
    shipped = shipped.replaceAll(`192.0.2.${i + 1}:5000`, `127.0.0.1:${place.port}`);
  // the file has three machines; names of abstract sockets are those of the whole host
  shipped = shipped
    .replaceAll(/^ *server (?:node\d )?192\.0\.2\..*\n/gm, "")
    .replaceAll(new RegExp(`^ *server node[${nodes.length + 1}-9] .*\n`, "gm"), "")
    .replaceAll("abns@sbnsis-", `abns@${basename(folder)}-`);
  const file = join(folder, name);
  const started =
    kind === "haproxy"
      ? haproxy(file, shipped, { port, socket, limit })
      : nginx(folder, file, shipped, port, limit);
  const server = await startServer(started.program, started.args, port);
  return {
    base: `http://127.0.0.1:${port}/api`,
    setState: async (node, state) => {
      await command(socket, `set server images/${node.name} state ${state}`);
    },
    isDown: async (node) => {
      // CSV: proxy, server, ..., status is column 18 (HAProxy Management Guide, 9.1)
      const rows = (await command(socket, "show stat")).split("\n").map((row) => row.split(","));
      return rows.some(([proxy, name, ...rest]) => {
        return proxy === "images" && name === node.name && /^(DOWN|NOLB)/.test(rest[15]!);
      });
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a command to HAProxy's socket and returns the response. */
async function command(socket: string, line: string): Promise<string> {
  const admin = connect(socket);
  let answer = "";
  admin.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  admin.write(`${line}\n`);
  await once(admin, "close");
  return answer;
}

interface Started {
  readonly program: string;
  readonly args: readonly string[];
}

function haproxy(
  file: string,
  shipped: string,
  { port, socket, limit }: { readonly port: number; readonly socket: string; readonly limit: number },
): Started {
  const text = shipped
    .replace(/bind :443 ssl .*/, `bind 127.0.0.1:${port}`)
    .replace("/run/haproxy/admin.sock mode", `${socket} mode`)
    .replace("gt 1200", `gt ${limit}`);
  writeFileSync(file, text);
  execFileSync("haproxy", ["-c", "-q", "-f", file], { stdio: "pipe" });
  return { program: "haproxy", args: ["-db", "-f", file] };
}

function nginx(folder: string, file: string, shipped: string, port: number, limit: number): Started {
  mkdirSync(join(folder, "temporary"));
  const text = shipped
    .replace("listen 443 ssl", `listen 127.0.0.1:${port}`)
    .replace(/^ *ssl_certificate.*$/gm, "")
    .replace("rate=20r/s", `rate=${limit}r/s`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/temporary/${name};`)
    .join("\n");
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http { access_log off; ${temporary}
${text}
}
`,
  );
  return { program: "nginx", args: ["-c", file, "-p", folder, "-e", join(folder, "error.log")] };
}
