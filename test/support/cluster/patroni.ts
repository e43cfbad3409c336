import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { waitUntilGone } from "../../../src/concurrency/process-signals.ts";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { UNUSED } from "../catalog/test-database.ts";
import { repositoryRoot } from "../oracles.ts";
import { freePort, type OracleServer, startServer } from "../servers/oracle-server.ts";
import { unprivileged } from "../servers/postgres-server.ts";

/** Two PostgreSQL servers of which Patroni makes one the primary, behind HAProxy. */
export interface Patroni {
  /** Addresses of HAProxy, and the superuser. */
  readonly settings: DatabaseSettings;
  /** Roles of the members that respond, by name, as Patroni states them. */
  roles(): Promise<Readonly<Record<string, string>>>;
  /** Waits until a member is the primary and the other one its synchronous replica. */
  settled(): Promise<void>;
  /** Runs a statement at the primary, without HAProxy. */
  execute(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Kills Patroni and PostgreSQL of a member with -9, as a machine that fails; its name. */
  kill(which: "primary" | "replica"): Promise<string>;
  /** Starts Patroni of a member again. */
  start(name: string): void;
  stop(): Promise<void>;
}

interface Member {
  readonly name: string;
  readonly file: string;
  readonly data: string;
  readonly port: number;
  readonly rest: number;
  process: ChildProcess | undefined;
}

const PASSWORD = "change-me";

/**
 * Starts etcd, two members and HAProxy with deploy/cluster/patroni.yml and haproxy-postgres.cfg, in
 * which only names, addresses and folders are replaced.
 */
export async function startPatroni(programs: string): Promise<Patroni> {
  const folder = mkdtempSync(join(tmpdir(), "sis-patroni-"));
  const owner = unprivileged();
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const [etcd, primary, replica] = [await freePort(), await freePort(), await freePort()];
  const members: Member[] = [];
  for (const name of ["db1", "db2"]) members.push(await makeMember(name, folder, programs, etcd));
  const servers: OracleServer[] = [];
  const start = (member: Member) => {
    const log = openSync(join(folder, `${member.name}.log`), "a");
    member.process = spawn("patroni", [member.file], { ...owner, cwd: folder, stdio: ["ignore", log, log] });
  };
  const stop = async () => {
    for (const { process: child } of members) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const over = once(child, "exit");
      child.kill("SIGTERM");
      await over;
    }
    for (const server of servers.toReversed()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const roles = async () => {
    const answers = members.map(async ({ name, rest }) => {
      const answer = await fetch(`http://127.0.0.1:${rest}/patroni`).catch(() => undefined);
      const { role, state, sync_standby: isSynchronous } = ((await answer?.json()) ?? {}) as PatroniStatus;
      return [name, state !== "running" ? "down" : isSynchronous === true ? "synchronous" : role] as const;
    });
    return Object.fromEntries(await Promise.all(answers)) as Readonly<Record<string, string>>;
  };
  const primaryMember = async () => {
    const found = Object.entries(await roles()).find(([, role]) => role === "master" || role === "primary");
    return members.find(({ name }) => name === found?.[0]);
  };
  const settled = async () => {
    for (const end = Date.now() + 90_000; ; await setTimeout(200)) {
      const all = Object.values(await roles());
      if (all.includes("synchronous") && (await primaryMember()) !== undefined) return;
      if (Date.now() > end) throw new Error(`Patroni has no primary with a replica: ${all.join(", ")}`);
    }
  };
  try {
    servers.push(await startEtcd(join(folder, "etcd"), etcd));
    for (const member of members) start(member);
    await settled();
    servers.push(await startProxy(join(folder, "haproxy.cfg"), members, { primary, replica }));
  } catch (error) {
    const logs = members.map(({ name }) => readFileSync(join(folder, `${name}.log`), "utf8").slice(-2000));
    await stop();
    throw new Error(`${(error as Error).message}\n${logs.join("\n")}`);
  }
  return {
    settings: {
      dialect: "postgresql",
      username: "postgres",
      password: PASSWORD,
      name: "sky",
      ...UNUSED,
      host: `127.0.0.1:${primary}`,
      readHost: `127.0.0.1:${replica}`,
    },
    roles,
    settled,
    async execute(database, sql) {
      const { port } = (await primaryMember())!;
      const login = { user: "postgres", password: PASSWORD };
      const client = new pg.Client({ host: "127.0.0.1", port, database, ...login });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    async kill(which) {
      const primary = (await primaryMember())!;
      const member = which === "primary" ? primary : members.find((other) => other !== primary)!;
      const postmaster = Number(readFileSync(join(member.data, "postmaster.pid"), "utf8").split("\n")[0]);
      const backends = execFileSync("ps", ["-o", "pid=", "--ppid", `${postmaster}`], { encoding: "utf8" });
      const pids = [member.process!.pid!, postmaster, ...backends.trim().split(/\s+/).map(Number)];
      for (const pid of pids) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // a connection that has ended meanwhile
        }
      }
      await Promise.all(pids.map((pid) => waitUntilGone(pid, 10_000)));
      return member.name;
    },
    start: (name) => start(members.find((member) => member.name === name)!),
    stop,
  };
}

/** What `GET /patroni` returns (Patroni manual, REST API). */
interface PatroniStatus {
  readonly role: string;
  readonly state: string;
  readonly sync_standby?: boolean;
}

function shippedFile(name: string): string {
  return readFileSync(join(repositoryRoot, "deploy", "cluster", name), "utf8");
}

async function makeMember(name: string, folder: string, programs: string, etcd: number): Promise<Member> {
  const member = { name, port: await freePort(), rest: await freePort(), process: undefined };
  const data = join(folder, name);
  const text = shippedFile("patroni.yml")
    .replace("name: db1", `name: ${name}`)
    .replaceAll("192.0.2.11:5432", `127.0.0.1:${member.port}`)
    .replaceAll("192.0.2.11:8008", `127.0.0.1:${member.rest}`)
    .replaceAll(/192\.0\.2\.2[123]:2379/g, `127.0.0.1:${etcd}`)
    .replaceAll("192.0.2.0/24", "127.0.0.1/32")
    .replace("/var/lib/postgresql/sbnsis.pgpass", `${data}.pgpass`)
    .replace("/var/lib/postgresql/sbnsis", data)
    .replace("/usr/lib/postgresql/15/bin", programs)
    .replace("/var/run/postgresql", folder);
  const file = join(folder, `${name}.yml`);
  writeFileSync(file, text);
  return { ...member, file, data };
}

async function startEtcd(folder: string, port: number): Promise<OracleServer> {
  mkdirSync(folder);
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const options = {
    "data-dir": folder,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `default=${peer}`,
  };
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  return await startServer("etcd", args, port);
}

async function startProxy(
  file: string,
  members: readonly Member[],
  { primary, replica }: { readonly primary: number; readonly replica: number },
): Promise<OracleServer> {
  let text = shippedFile("haproxy-postgres.cfg")
    .replace("bind 127.0.0.1:5432", `bind 127.0.0.1:${primary}`)
    .replace("bind 127.0.0.1:5433", `bind 127.0.0.1:${replica}`)
    .replace(" port 8008", "");
  for (const [i, { port, rest }] of members.entries())
    text = text.replaceAll(`192.0.2.${11 + i}:5432`, `127.0.0.1:${port} port ${rest}`);
  writeFileSync(file, text);
  execFileSync("haproxy", ["-c", "-q", "-f", file], { stdio: "pipe" });
  return await startServer("haproxy", ["-db", "-f", file], primary);
}
