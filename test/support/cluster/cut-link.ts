import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { hasProgram } from "../oracles.ts";

/** A connection between a node and a server, which can be cut and restored like a cable. */
export interface Link {
  /** `host:port` on the side of the node. */
  readonly host: string;
  /** Silently drops all traffic from now on. */
  cut(): void;
  /** Delivers the traffic that was held back, and all that follows. */
  mend(): void;
  close(): Promise<void>;
}

/** Whether this user may filter packets. */
export function canCutCables(): boolean {
  return process.getuid?.() === 0 && hasProgram("nft");
}

/** Drops the packets from and to a port of the loopback, of old and new connections. */
export function cutCable(port: number): { mend(): void } {
  const table = `sbnsis_test_${port}`;
  const run = (...words: readonly string[]) => execFileSync("nft", words, { stdio: "pipe" });
  run("add", "table", "inet", table);
  run("add", "chain", "inet", table, "cable", "{ type filter hook input priority 0; }");
  for (const side of ["sport", "dport"])
    run("add", "rule", "inet", table, "cable", "tcp", side, String(port), "drop");
  return { mend: () => void run("delete", "table", "inet", table) };
}

/** Creates a connection to a server, `host:port`. */
export async function layLink(to: string): Promise<Link> {
  const { hostname, port } = new URL(`tcp://${to}`);
  const ends = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on("data", (bytes) => {
        if (!other.write(bytes)) from.pause();
      });
      other.on("drain", () => {
        if (!isCut) from.resume();
      });
      from.on("error", () => other.destroy());
      from.on("close", () => {
        ends.delete(from);
        other.destroy();
      });
      if (isCut) from.pause();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    host: `127.0.0.1:${address.port}`,
    cut() {
      isCut = true;
      for (const end of ends) end.pause();
    },
    mend() {
      isCut = false;
      for (const end of ends) end.resume();
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
