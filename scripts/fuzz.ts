import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fuzzInput } from "../test/fuzz/fuzz-input.ts";
import { fixtureSeeds, folderSeeds } from "../test/fuzz/seeds.ts";
import { sharedFolder } from "../test/support/oracles.ts";

// Runs the fuzzer for long: tsx scripts/fuzz.ts [SECONDS] [FIRST RUN]. A child does the work, this
// process watches its progress. Prints every finding, and the counts at the end.

const STUCK_MS = 30_000;
const BATCH = 50;

/** A child's report after every batch of inputs. */
interface Progress {
  readonly next: number;
  readonly inputs: number;
  readonly sections: number;
  readonly skies: number;
  readonly refused: number;
  readonly slowest: number;
  readonly finding?: string;
}

async function work(first: number): Promise<never> {
  const data = sharedFolder("data");
  const seeds = [...fixtureSeeds(), ...(data === undefined ? [] : folderSeeds(data))];
  for (let run = first; ; ) {
    const done = { inputs: 0, sections: 0, skies: 0, refused: 0, slowest: 0 };
    let finding: string | undefined;
    for (const end = run + BATCH; run < end && finding === undefined; run++) {
      done.inputs++;
      try {
        const { sections, skies, refused, ms } = await fuzzInput(seeds, run);
        done.sections += sections;
        done.skies += skies;
        done.refused += refused;
        done.slowest = Math.max(done.slowest, ms);
      } catch (error) {
        const { message, cause } = error as Error;
        const stack = cause instanceof Error ? (cause.stack ?? "").split("\n").slice(1, 5).join("\n") : "";
        finding = `${message}\n${stack}`;
      }
    }
    const progress: Progress = { next: run, ...done, ...(finding !== undefined && { finding }) };
    await new Promise<void>((resolve) => process.send!(progress, () => resolve()));
  }
}

async function watch(seconds: number, first: number): Promise<void> {
  const total = { inputs: 0, sections: 0, skies: 0, refused: 0, slowest: 0, findings: 0 };
  const report = (finding: string) => {
    total.findings++;
    console.log(`FINDING ${finding}`);
  };
  let next = first;
  let since = Date.now();
  let stopping = false;
  const start = (): ChildProcess => {
    const child = fork(fileURLToPath(import.meta.url), [String(next)], {
      env: { ...process.env, FUZZ_CHILD: "1" },
    });
    since = Date.now();
    child.on("message", ({ next: now, finding, slowest, ...counts }: Progress) => {
      next = now;
      since = Date.now();
      for (const [name, count] of Object.entries(counts)) total[name as "inputs"] += count;
      total.slowest = Math.max(total.slowest, slowest);
      if (finding !== undefined) report(finding);
    });
    child.on("exit", (code, signal) => {
      if (stopping) return;
      report(`a run from ${next} to ${next + BATCH - 1} ended the process: ${signal ?? code}`);
      next += BATCH;
      working = start();
    });
    return child;
  };
  let working = start();
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (Date.now() - since > STUCK_MS) working.kill("SIGKILL");
  }
  stopping = true;
  working.kill("SIGKILL");
  console.log(JSON.stringify({ first, next, ...total }));
}

const [, , one, two] = process.argv;
if (process.env.FUZZ_CHILD === "1") await work(Number(one));
else await watch(Number(one ?? 60), Number(two ?? 0));
