/** Runs statements; the values may be arrays. */
export interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A message as pg-boss delivers it. */
export interface BossJob<T> {
  readonly id: string;
  readonly data: T;
  readonly retryCount: number;
}

interface InTransaction {
  readonly db: BossDatabase;
}

type Attempt = Pick<BossJob<unknown>, "id" | "retryCount">;

/**
 * The part of pg-boss 12.38 that is used (https://timgit.github.io/pg-boss). It is declared here
 * because npm does not install pg-boss on the oldest Node that the service runs on.
 */
export interface Boss {
  on(event: "error", listener: (error: Error) => void): void;
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean; readonly close: boolean }): Promise<void>;
  createQueue(name: string, options?: object): Promise<void>;
  insert(
    name: string,
    messages: readonly object[],
    options: InTransaction & { readonly returnId: boolean },
  ): Promise<readonly string[] | null>;
  send(name: string, data: object, options: InTransaction): Promise<string | null>;
  fetch<T>(
    name: string,
    options: InTransaction & { readonly ignoreGroups?: readonly string[]; readonly minPriority?: number },
  ): Promise<readonly BossJob<T>[]>;
  touch(name: string, attempt: Attempt, options: InTransaction): Promise<{ readonly affected: number }>;
  deleteJob(name: string, id: readonly string[] | Attempt, options: InTransaction): Promise<unknown>;
  cancel(name: string, id: string, options: InTransaction): Promise<unknown>;
  resume(name: string, id: string, options: InTransaction): Promise<unknown>;
  update(
    name: string,
    data: undefined,
    options: InTransaction & { readonly id: string; readonly startAfter: string },
  ): Promise<unknown>;
  supervise(name: string): Promise<void>;
}

/** The oldest Node that pg-boss supports: its major and minor version. */
const OLDEST = [22, 12] as const;

/** Whether pg-boss supports a version of Node, such as that of this process. */
export function canRunPgBoss(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Loads pg-boss. Throws an error that says how to install it. */
export async function createBoss(options: object): Promise<Boss> {
  const name: string = "pg-boss";
  let library: { readonly PgBoss: new (options: object) => Boss };
  try {
    library = await import(name);
  } catch (error) {
    throw new Error("pg-boss cannot be loaded: run npm ci, with optional dependencies, by this Node", {
      cause: error,
    });
  }
  return new library.PgBoss(options);
}
