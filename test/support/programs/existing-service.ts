import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { repositoryRoot } from "../oracles.ts";

/** SQLAlchemy's address of a database. */
function urlOf({ dialect, host, username, password, name }: DatabaseSettings): string {
  if (dialect === "sqlite") return `sqlite:///${name}`;
  return `postgresql+psycopg://${username}:${password}@${host}/${name}`;
}

/**
 * The existing service's use of its database, by SQLAlchemy in a separate process
 * (test/interop/operation/existing-service.py).
 */
export class ExistingService {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;
  #printed = "";

  constructor(python: string, settings: DatabaseSettings) {
    const program = join(repositoryRoot, "test", "interop", "operation", "existing-service.py");
    this.#process = spawn(python, [program, urlOf(settings)]);
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#printed = (this.#printed + text).slice(-4000);
    });
    this.#ended = once(this.#process, "exit").then(() => {
      throw new Error(`the existing service ended: ${this.#printed}`);
    });
    this.#ended.catch(() => {});
  }

  /** Runs one of its functions and returns the result. */
  async ask(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = once(this.#lines, "line");
    this.#process.stdin.write(`${JSON.stringify([name, args])}\n`);
    const [line] = (await Promise.race([answer, this.#ended])) as [string];
    return JSON.parse(line);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const over = once(this.#process, "exit");
    this.#process.stdin.end();
    await over;
  }
}
