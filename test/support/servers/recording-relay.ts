import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes bytes on between clients and a server, and records what the server received. */
export interface RecordingRelay {
  /** `host:port` for clients. */
  readonly host: string;
  /** All bytes from clients so far, as latin1. */
  received(): string;
  close(): Promise<void>;
}

/** Starts a relay on loopback to a server, `host:port`. */
export async function recordingRelay(to: string): Promise<RecordingRelay> {
  const { hostname, port } = new URL(`tcp://${to}`);
  const chunks: Buffer[] = [];
  const ends = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connect(Number(port), hostname);
    client.on("data", (bytes: Buffer) => chunks.push(bytes));
    for (const end of [client, onward]) {
      ends.add(end);
      end.on("close", () => ends.delete(end));
      // the other end notices by its own close
      end.on("error", () => undefined);
    }
    client.pipe(onward).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => Buffer.concat(chunks).toString("latin1"),
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
