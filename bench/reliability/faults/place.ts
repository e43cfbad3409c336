import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { askMaster } from "../../../src/cluster/control-socket.ts";
import type { ServiceStatus } from "../../../src/cluster/master.ts";
import { addTestData, type MadeFrame } from "../../../src/test-data/add-test-data.ts";
import type { Archive } from "./archive.ts";

/** Debian's package faketime. */
const FAKETIME = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
/** Size of the file system of the cache: more than SBNSIS_CACHE_MAX_BYTES. */
const DISK_BYTES = 16_000_000;

/** The outcome of a command. */
export interface Ended {
  readonly status: number | null;
  readonly text: string;
}

/** Kinds of frames: each is a survey in its own folder, so that their LIDs differ. */
const SETS = { steady: "sky", moving: "atlas", archive: "catalina", faulty: "spacewatch", extra: "neat" };
export type FrameSet = keyof typeof SETS;
const FRAMES = { steady: 12, moving: 4, archive: 16, faulty: 4, extra: 60 };

/**
 * The working directory of a supervised service. If started by root, service and commands run as
 * the user nobody, so that file modes matter.
 */
export class Place {
  readonly directory: string;
  readonly frames = {} as Record<FrameSet, readonly MadeFrame[]>;
  readonly #root: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  readonly #environment: NodeJS.ProcessEnv;

  constructor(directory: string, root: string) {
    this.directory = directory;
    this.#root = root;
    this.#user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    this.unmountDisk();
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(join(directory, "db"), { recursive: true });
    mkdirSync(this.disk);
    if (process.getuid?.() === 0) {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", this.disk]);
    }
    this.#environment = { ...process.env, ...(FAKETIME !== undefined && this.#clockEnvironment()) };
    this.setClock("+0");
  }

  /** A file system of its own for the cache, if this is root: it can be filled. */
  get disk(): string {
    return this.path("disk");
  }

  get cache(): string {
    return this.path("disk", "cache");
  }

  /** Whether `setClock` has an effect: libfaketime is installed. */
  get hasClock(): boolean {
    return FAKETIME !== undefined;
  }

  /** Moves the wall clock of the service and its commands, by `-3600s` or the like. */
  setClock(offset: string): void {
    writeFileSync(this.path("clock"), `${offset}\n`);
  }

  unmountDisk(): void {
    if (process.getuid?.() !== 0) return;
    try {
      execFileSync("umount", ["--lazy", this.disk], { stdio: "ignore" });
    } catch {
      // it is not mounted
    }
  }

  /** The monotonic clock and file times stay unchanged, as when an operator sets the clock. */
  #clockEnvironment(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.path("clock"),
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
      FAKETIME_CACHE_DURATION: "1",
    };
  }

  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  folderOf(set: FrameSet): string {
    return this.path("data", set);
  }

  /** Makes the frames; labels on the archive are padded to 64 to 200 kB. */
  async makeFrames(seed: number): Promise<void> {
    for (const set of Object.keys(SETS) as FrameSet[]) {
      this.frames[set] = await addTestData({
        directory: this.folderOf(set),
        survey: SETS[set],
        frames: FRAMES[set],
        seed,
      });
    }
    for (const [i, path] of this.labelsOf("archive").entries()) {
      const padding = " ".repeat(64_000 + Math.round((i * 136_000) / (FRAMES.archive - 1)));
      appendFileSync(path, `<!--${padding}-->\n`);
    }
    this.own(this.directory);
  }

  labelsOf(set: FrameSet): string[] {
    return readdirSync(this.folderOf(set), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".xml"))
      .sort()
      .map((name) => join(this.folderOf(set), name));
  }

  /** Gives everything below a folder to the user of the service. */
  own(path: string): void {
    const { uid, gid } = this.#user;
    if (uid === undefined || gid === undefined) return;
    chownSync(path, uid, gid);
    for (const name of readdirSync(path, { recursive: true, encoding: "utf8" })) {
      lchownSync(join(path, name), uid, gid);
    }
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Runs a program as the user of the service until it ends. */
  run(program: string, args: readonly string[], directory = this.directory): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        ...this.#user,
        cwd: directory,
        env: this.#environment,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 120_000,
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
      }
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, text }));
    });
  }

  sbnsis(...args: readonly string[]): Promise<Ended> {
    return this.run(process.execPath, [join(this.#root, "dist/cli/sbnsis.js"), ...args]);
  }

  add(args: readonly string[], directory = this.directory): Promise<Ended> {
    return this.run(process.execPath, [join(this.#root, "dist/cli/sbnsis-add.js"), ...args], directory);
  }

  /** Harvests a set of frames that an archive serves. */
  addFrom(archive: Archive, set: FrameSet, ...args: readonly string[]): Promise<Ended> {
    const folder = this.folderOf(set);
    const location = ["--base-url", `http://127.0.0.1:${archive.port}`, "--strip-leading", folder];
    return this.add(["-r", ...location, ...args, folder]);
  }

  async status(): Promise<ServiceStatus> {
    return (await askMaster(this.directory, "status", 10_000)) as ServiceStatus;
  }

  master(): number {
    return Number.parseInt(readFileSync(this.path("sbnsis.pid"), "utf8"), 10);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.master(), name);
  }

  /** All lines of the log, including rotated files. */
  log(): string[] {
    const folder = this.path("logging");
    return readdirSync(folder)
      .filter((name) => name.startsWith("sbnsis.log"))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  }
}
