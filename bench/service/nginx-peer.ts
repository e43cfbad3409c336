import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether nginx and wrk are installed. */
export function hasNginx(): boolean {
  return [
    ["nginx", "-v"],
    ["wrk", "-v"],
  ].every(([program, flag]) => spawnSync(program!, [flag!]).error === undefined);
}

/**
 * Starts nginx with two workers serving one file on the loopback, tuned as an operator would for
 * speed.
 */
export async function startNginx(
  file: string,
  port: number,
): Promise<{ readonly url: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-nginx-"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder};`,
  );
  const configuration = join(folder, "nginx.conf");
  writeFileSync(
    configuration,
    `daemon off; user root; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 128; }
http {
  ${temporary.join(" ")}
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  server { listen 127.0.0.1:${port}; root ${dirname(file)}; }
}
`,
  );
  const child = spawn("nginx", ["-c", configuration, "-p", folder, "-e", join(folder, "error.log")], {
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}/${basename(file)}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url, { method: "HEAD" }).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 50) throw new Error(`nginx does not serve ${url}: ${answer?.status}`);
    await sleep(100);
  }
  return {
    url,
    stop: () => {
      child.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Responses per second to wrk on this many connections, loopback only. */
export function wrkRate(url: string, connections: number, seconds: number): number {
  const args = ["-t1", `-c${connections}`, `-d${Math.ceil(seconds)}`, url];
  const printed = execFileSync("wrk", args, { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(printed)) throw new Error(printed);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(printed)?.[1]);
}
