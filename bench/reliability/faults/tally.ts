import { Agent, get } from "node:http";

/** What a request names: a loss differs from a failure of a source that was dead at the time. */
export type Kind = "steady" | "moving" | "archive" | "faulty archive" | "query" | "health" | "ready";

/** A request whose correct response is 200 with a body that `isSound`. */
export interface Asked {
  readonly kind: Kind;
  readonly url: string;
  readonly keepAlive: boolean;
  /** What is wrong with the body of a 200 response; undefined if nothing is. */
  readonly flaw: (body: Buffer, begun: number) => string | undefined;
}

/** A period in which a fault excuses some outcomes; times by `performance.now()`. */
export interface Excuse {
  readonly fault: string;
  readonly begin: number;
  end: number;
  /** Whether a request of this kind may end like this: `503 CATALOG_UNAVAILABLE`, `cut`, etc. */
  readonly excuses: (kind: Kind, outcome: string) => boolean;
}

const TIMEOUT_MS = 90_000;
/** Outcomes of requests whose database, archive or service was too slow. */
const TIMED_OUT = /^(503 CATALOG_UNAVAILABLE|503 .*no response in time.*|504 SOURCE_TIMEOUT|no answer)$/s;
/** The server closed an idle connection while the next request was on its way. */
const CLOSED_AS_SENT = "closed as it was sent";
const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** Counts outcomes of requests, and the failures that no fault excuses. */
export class Tally {
  readonly counts: Record<string, Record<string, number>> = {};
  readonly excused: Record<string, Record<string, number>> = {};
  readonly lost: string[] = [];
  /** Requests that timed out while a bare server on this machine was late too. */
  readonly starved: Record<string, number> = {};
  readonly excuses: Excuse[] = [];
  readonly #begun = performance.now();
  /** Requests repeated because their reused connection was closed as they were sent. */
  repeated = 0;
  #longest = 0;
  /** Names of the current faults. */
  readonly #present: () => string;
  /** Whether the machine was late at any time since this `performance.now()`. */
  readonly #wasLate: (since: number) => boolean;

  constructor(present: () => string, wasLate: (since: number) => boolean) {
    this.#present = present;
    this.#wasLate = wasLate;
  }

  /** The longest time to a response, in milliseconds. */
  get longest(): number {
    return this.#longest;
  }

  excuse(fault: string, excuses: Excuse["excuses"]): Excuse {
    const excuse: Excuse = { fault, begin: performance.now(), end: Number.POSITIVE_INFINITY, excuses };
    this.excuses.push(excuse);
    return excuse;
  }

  async ask(asked: Asked): Promise<string> {
    const begun = performance.now();
    let outcome = await request(asked, begun);
    if (outcome === CLOSED_AS_SENT) {
      this.repeated += 1;
      outcome = await request({ ...asked, keepAlive: false }, begun);
    }
    const { kind } = asked;
    count(this.counts, kind, outcome);
    this.#longest = Math.max(this.#longest, performance.now() - begun);
    if (outcome !== "200") this.#judge(asked, outcome, begun);
    return outcome;
  }

  #judge({ kind, url }: Asked, outcome: string, begun: number): void {
    const excuse = this.excuses.find(({ end, excuses }) => end >= begun && excuses(kind, outcome));
    if (excuse !== undefined) {
      count(this.excused, excuse.fault, outcome);
      return;
    }
    if (TIMED_OUT.test(outcome) && this.#wasLate(begun)) {
      this.starved[kind] = (this.starved[kind] ?? 0) + 1;
      return;
    }
    const [from, to] = [begun, performance.now()].map((at) => ((at - this.#begun) / 1000).toFixed(1));
    const line = `${from} to ${to} s: ${kind}: ${outcome} (${this.#present()}) ${url}`;
    this.lost.push(line);
    process.stderr.write(`lost: ${line}\n`);
  }
}

function count(counts: Record<string, Record<string, number>>, name: string, outcome: string): void {
  counts[name] ??= {};
  counts[name][outcome] = (counts[name][outcome] ?? 0) + 1;
}

function request({ url, keepAlive, flaw }: Asked, begun: number): Promise<string> {
  return new Promise((resolve) => {
    const headers = { accept: "*/*" };
    const asking = get(url, { headers, ...(keepAlive ? { agent } : { agent: false }) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", () => resolve("cut"));
      answer.once("end", () => {
        const body = Buffer.concat(chunks);
        const announced = Number(answer.headers["content-length"] ?? body.length);
        if (body.length !== announced) resolve("cut");
        else if (answer.statusCode !== 200) resolve(`${answer.statusCode} ${codeOf(body)}`);
        else resolve(flaw(body, begun) ?? "200");
      });
    });
    asking.setTimeout(TIMEOUT_MS, () => {
      resolve("no answer");
      asking.destroy();
    });
    asking.once("error", (error: NodeJS.ErrnoException) => {
      // a client must expect this of an idle connection (RFC 9112, 9.3.1)
      if (asking.reusedSocket && error.code === "ECONNRESET") resolve(CLOSED_AS_SENT);
      else resolve(error.code === "ECONNREFUSED" ? "refused" : "cut");
    });
  });
}

function codeOf(body: Buffer): string {
  return /"code": ?"(\w+)"/.exec(body.toString())?.[1] ?? body.toString().slice(0, 200);
}
