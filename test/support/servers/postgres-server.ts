import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { type TestDatabase, UNUSED } from "../catalog/test-database.ts";

/**
 * Folder of PostgreSQL's programs, or undefined if it is not installed (.ci/install-tools installs
 * it).
 */
export function postgresPrograms(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(root, version, "bin"))
    .find((folder) => existsSync(join(folder, "postgres")));
}

/** PostgreSQL refuses to run as root: then its own user runs it. */
export function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * A separate PostgreSQL server, in its own folder, on a UNIX socket and on a TCP port of the
 * loopback.
 */
export class PostgresServer {
  readonly folder: string;
  readonly port: number;
  readonly #programs: string;
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(programs: string, folder: string, port: number, flags: readonly string[]) {
    this.#programs = programs;
    this.#flags = flags;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Creates a cluster and starts it; connections by the socket are trusted, those by TCP need the
   * password `owner`.
   */
  static async create(programs: string): Promise<PostgresServer> {
    return await PostgresServer.open(programs, mkdtempSync(join(tmpdir(), "sis-postgres-")), ["-F"]);
  }

  /**
   * Starts the cluster of a folder, which is created if missing; `flags` are those of the program
   * postgres.
   */
  static async open(programs: string, folder: string, flags: readonly string[]): Promise<PostgresServer> {
    const server = new PostgresServer(programs, folder, await freePort(), flags);
    if (existsSync(join(folder, "data"))) await server.start();
    else await server.#makeCluster();
    return server;
  }

  async #makeCluster(): Promise<void> {
    const folder = this.folder;
    const owner = unprivileged();
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const location = [
      "-D",
      join(folder, "data"),
      "-U",
      userInfo().username,
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
    ];
    const trust = ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"];
    execFileSync(join(this.#programs, "initdb"), [...location, ...trust], {
      ...owner,
      cwd: folder,
      stdio: "pipe",
    });
    await this.start();
    await this.execute("postgres", `ALTER ROLE "${userInfo().username}" PASSWORD 'owner'`);
  }

  /** A streaming replica of this server, up to date with it. */
  async replica(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "sis-postgres-"));
    const owner = unprivileged();
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const from = ["-h", this.folder, "-p", String(this.port), "-U", userInfo().username];
    const copy = ["-D", join(folder, "data"), "-R", "--checkpoint=fast", "--no-sync"];
    execFileSync(join(this.#programs, "pg_basebackup"), [...from, ...copy], {
      ...owner,
      cwd: folder,
      stdio: "pipe",
    });
    return await PostgresServer.open(this.#programs, folder, this.#flags);
  }

  /** Starts the server and waits until it responds. */
  async start(): Promise<void> {
    const settings = ["-k", this.folder, "-h", "127.0.0.1", "-p", String(this.port), ...this.#flags];
    this.#process = spawn(join(this.#programs, "postgres"), ["-D", join(this.folder, "data"), ...settings], {
      ...unprivileged(),
      cwd: this.folder,
      stdio: "ignore",
    });
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.execute("postgres", "SELECT 1");
        return;
      } catch (error) {
        if (attempt > 200) throw error;
        await setTimeout(50);
      }
    }
  }

  /** Stops the server immediately; clients lose their connections. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process ?? { exitCode: 0, signalCode: null };
    if (this.#process === undefined || exitCode !== null || signalCode !== null) return;
    const over = once(this.#process, "exit");
    this.#process.kill("SIGINT");
    await over;
  }

  /**
   * Kills the server with -9, as a machine that runs out of memory does; `start` brings it back.
   */
  async kill(): Promise<void> {
    const killed = this.#process;
    if (killed === undefined) return;
    const over = once(killed, "exit");
    killed.kill("SIGKILL");
    await over;
    // its children notice, and release the shared memory
    await setTimeout(500);
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Runs statements by the socket, as the superuser, and returns the rows of the last one. */
  async execute(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new pg.Client({
      host: this.folder,
      port: this.port,
      database,
      user: userInfo().username,
      connectionTimeoutMillis: 5000,
    });
    // a stopped server ends the connection; its work is done by then
    client.on("error", () => {});
    try {
      await client.connect();
      // several statements return several results, which the types do not express
      const results = [await client.query(sql)].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Runs a statement in a transaction that stays open until it is released. */
  async hold({ settings }: TestDatabase, sql: string): Promise<{ release(): Promise<void> }> {
    const client = new pg.Client({
      host: this.folder,
      port: this.port,
      database: settings.name,
      user: userInfo().username,
    });
    await client.connect();
    await client.query(`BEGIN; ${sql}`);
    let isHeld = true;
    return {
      release: async () => {
        if (isHeld) await client.end();
        isHeld = false;
      },
    };
  }

  /** Settings of a database, by TCP; `host` chooses another way. */
  settings(database: string, host = `127.0.0.1:${this.port}`): DatabaseSettings {
    return {
      dialect: "postgresql",
      host,
      username: userInfo().username,
      password: "owner",
      name: database,
      ...UNUSED,
    };
  }

  /** A new empty database. */
  async database(): Promise<TestDatabase> {
    this.#databases += 1;
    const name = `made${this.#databases}`;
    await this.execute("postgres", `CREATE DATABASE ${name}`);
    return {
      settings: this.settings(name),
      execute: async (sql) => await this.execute(name, sql),
      drop: async () => {
        await this.execute("postgres", `DROP DATABASE ${name} WITH (FORCE)`);
      },
    };
  }
}
