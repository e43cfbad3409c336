import { createHash } from "node:crypto";
import { Agent, get } from "node:http";
import { seededRandom } from "../../../src/test-data/random.ts";

/** A response, as far as the tests of clusters compare it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: number;
  /** SHA-256 of the body. */
  readonly digest: string;
}

/** One GET request, read to its end. Errors: those of the connection, and a body cut short. */
export function ask(
  url: string,
  options: { readonly headers?: Record<string, string>; readonly agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: 60_000, ...options }, (response) => {
      const hash = createHash("sha256");
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        bytes += chunk.length;
      });
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          digest: hash.digest("hex"),
        }),
      );
    });
    request.once("timeout", () => request.destroy(new Error("no response within 60 s")));
    request.once("error", reject);
  });
}

/** The outcome of a load. */
export interface Load {
  readonly sent: number;
  /**
   * Responses that were not 200 with all their bytes, or whose bytes differ from earlier ones with
   * the same ETag.
   */
  readonly lost: readonly string[];
  /** Products received; both spellings of an identifier are one. */
  readonly distinct: number;
  /** How often an address had another ETag than before. */
  readonly etagChanges: number;
}

/**
 * Clients that request random paths, chosen with a seed, one after the other on connections that
 * are kept, until `until` is fulfilled.
 */
export async function load(
  base: string,
  paths: readonly string[],
  {
    clients,
    seed,
    until,
  }: { readonly clients: number; readonly seed: number; readonly until: Promise<unknown> },
): Promise<Load> {
  const random = seededRandom(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const lost: string[] = [];
  /** ETags by path. */
  const seen = new Map<string, string>();
  let sent = 0;
  /** Digests of bodies by ETag and path. */
  const digests = new Map<string, string>();
  let etagChanges = 0;
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  until.then(over, over);
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (!isOver) {
        const path = paths[Math.floor(random.next() * paths.length)]!;
        sent += 1;
        try {
          const answer = await ask(`${base}${path}`, { agent });
          const etag = String(answer.headers.etag);
          const known = seen.get(path);
          const digest = digests.get(`${etag} ${path}`) ?? answer.digest;
          if (answer.status !== 200) lost.push(`${answer.status} ${path}`);
          else if (Number(answer.headers["content-length"]) !== answer.bytes) lost.push(`short ${path}`);
          else if (digest !== answer.digest) lost.push(`other bytes ${path}`);
          else {
            if (known !== undefined && known !== etag) etagChanges += 1;
            seen.set(path, etag);
            digests.set(`${etag} ${path}`, digest);
          }
        } catch (error) {
          lost.push(`${(error as Error).message} ${path}`);
        }
      }
    }),
  );
  agent.destroy();
  await until;
  const products = new Set([...seen.keys()].map(decodeURIComponent));
  return { sent, lost, distinct: products.size, etagChanges };
}
