import { isAlive } from "../../../src/concurrency/process-identity.ts";
import { waitUntilGone } from "../../../src/concurrency/process-signals.ts";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { databaseVariables } from "../catalog/test-database.ts";
import { type Workplace, workplace } from "../programs/built-program.ts";
import { PostgresServer } from "../servers/postgres-server.ts";
import { type Link, layLink } from "./cut-link.ts";

/** An image of the catalog that all nodes share. */
interface SharedImage {
  readonly obs_id: string;
  /** Degrees. */
  readonly center_ra: number;
  readonly center_dec: number;
}

/** A machine of the cluster: a service of one worker with a cache of its own. */
export interface Node {
  readonly name: string;
  readonly place: Workplace;
  /** Its connection to the database. */
  readonly database: Link;
  start(): Promise<void>;
  /** Ids of the master and its worker. */
  pids(): Promise<readonly number[]>;
  /** Sends a signal to the master and the worker, or only to the master; SIGKILL is waited for. */
  signal(signal: NodeJS.Signals, to?: "all" | "master"): Promise<void>;
  /** Sum of the series of /metrics whose names begin with a prefix. */
  metric(beginning: string): Promise<number>;
}

/** Nodes that share a PostgreSQL database. */
export interface Cluster {
  readonly nodes: readonly Node[];
  readonly images: readonly SharedImage[];
  stop(): Promise<void>;
}

/** Paths of `count` cutouts of each image; `raw` leaves colons unencoded. */
export function cutouts({ images }: Cluster, count: number, raw = false): readonly string[] {
  return images.flatMap(({ obs_id, center_ra, center_dec }) =>
    Array.from({ length: count }, (_, i) => {
      const format = ["fits", "png", "jpeg"][i % 3];
      const ra = (center_ra + 0.01 * (i - count / 2)).toFixed(5);
      const id = raw ? obs_id : encodeURIComponent(obs_id);
      return `/images/${id}?ra=${Number(ra) < 0 ? Number(ra) + 360 : ra}&dec=${center_dec.toFixed(5)}&size=2arcmin&format=${format}`;
    }),
  );
}

/** Starts three nodes with their own PostgreSQL server. */
export async function startCluster(programs: string, frames: number): Promise<Cluster> {
  const server = await PostgresServer.create(programs);
  await server.execute("postgres", "CREATE DATABASE sky");
  const settings = server.settings("sky");
  const cluster = await startNodes(["node1", "node2", "node3"], settings, frames);
  return {
    ...cluster,
    async stop() {
      await cluster.stop();
      await server.execute("postgres", `DROP DATABASE ${settings.name} WITH (FORCE)`);
      await server.destroy();
    },
  };
}

/** Starts nodes over an empty database, with frames of the survey sky, below the prefix /api. */
export async function startNodes(
  names: readonly string[],
  settings: DatabaseSettings,
  frames: number,
): Promise<Cluster> {
  const nodes: Node[] = [];
  for (const name of names) nodes.push(await makeNode(name, settings));
  const [first] = nodes;
  for (const args of [
    ["create-tables"],
    ["test-data", "--add", "--survey", "sky", "--frames", `${frames}`],
  ]) {
    const { status, stderr } = await first!.place.run("sbnsis", ...args);
    if (status !== 0) throw new Error(`sbnsis ${args.join(" ")}: ${stderr}`);
  }
  await Promise.all(nodes.map((node) => node.start()));
  const found = await fetch(`${first!.place.base}/api/query?order=time&maxrec=${frames}`);
  const { results } = (await found.json()) as { readonly results: readonly SharedImage[] };
  return {
    nodes,
    images: results,
    stop: async () => {
      await Promise.all(nodes.map(({ place }) => place.dispose()));
      await Promise.all(nodes.map(({ database }) => database.close()));
    },
  };
}

async function makeNode(name: string, server: DatabaseSettings): Promise<Node> {
  const place = await workplace();
  const database = await layLink(server.host);
  const settings = { ...server, host: database.host };
  const login = `${encodeURIComponent(settings.username)}:${settings.password}`;
  const variables = {
    ...databaseVariables(settings),
    DB_READ_HOST: settings.readHost,
    LIVE_GUNICORN_INSTANCES: "1",
    BASE_HREF: "/api",
    SBNSIS_NODE_NAME: name,
    SBNSIS_LAMEDUCK_SECONDS: "3",
    SBNSIS_JOBS_DATABASE: `postgresql://${login}@${settings.host}/${settings.name}`,
    TRUSTED_PROXIES: "127.0.0.1",
    // the tests are one client
    SBNSIS_BATCH_PER_CLIENT: "1000",
    SBNSIS_BATCH_RUNNING: "1000",
  };
  for (const [variable, value] of Object.entries(variables)) place.set(variable, value);
  const pids = async () => {
    const { pid, workers } = await place.status();
    return [pid, ...workers.map((worker) => worker.pid)];
  };
  return {
    name,
    place,
    database,
    pids,
    async start() {
      const { status, stderr } = await place.run("sbnsis", "start");
      if (status !== 0) throw new Error(`${name} did not start: ${stderr}`);
    },
    async signal(signal, to = "all") {
      const all = await pids();
      for (const pid of to === "all" ? all : all.slice(0, 1)) process.kill(pid, signal);
      if (signal !== "SIGKILL") return;
      await Promise.all(all.map((pid) => waitUntilGone(pid, 10_000)));
      if (all.some(isAlive)) throw new Error(`${name} was not killed`);
    },
    async metric(beginning) {
      const text = await (await fetch(`${place.base}/api/metrics`)).text();
      return text
        .split("\n")
        .filter((line) => line.startsWith(beginning))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
    },
  };
}
