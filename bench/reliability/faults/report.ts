import type { MachineWatch } from "./machine-watch.ts";
import type { Scene } from "./part.ts";
import type { FaultsOptions } from "./run-faults.ts";

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);
const listed = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");

/** Workers that ended according to the log, except those that this run killed or froze. */
function deaths({ place, victims }: Scene): { readonly died: readonly string[]; readonly refused: number } {
  const died: string[] = [];
  let refused = 0;
  for (const line of new Set(place.log().filter((one) => one.includes("worker ended")))) {
    const pid = Number(/"pid": ?(\d+)/.exec(line)?.[1]);
    if (victims.has(pid)) continue;
    // it never served: its .env could not be read, or its database was away
    if (/"how": ?"exit 1", ?"reason": ?"/.test(line)) refused += 1;
    else died.push(line);
  }
  return { died, refused };
}

/** Prints the tables of docs/reliability.md; returns whether the run passed. */
export function report({
  options,
  scene,
  times,
  findings,
  machine,
}: {
  readonly options: FaultsOptions;
  readonly scene: Scene;
  readonly times: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
  readonly machine: MachineWatch;
}): boolean {
  const { tally, victims } = scene;
  const { died, refused } = deaths(scene);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(
    `${options.database}, seed ${options.seed}, ${options.seconds} s, ${options.rate} requests/s, ${options.workers} workers\n`,
  );
  say("| fault | times | requests that it excuses |\n|---|---|---|");
  for (const [fault, count] of Object.entries(times).sort(([a], [b]) => a.localeCompare(b))) {
    say(`| ${fault} | ${count} | ${listed(tally.excused[fault] ?? {}) || "none"} |`);
  }
  say("\n| requests for | number | answered 200 | else |\n|---|---|---|---|");
  for (const [kind, { "200": good = 0, ...others }] of Object.entries(tally.counts)) {
    say(`| ${kind} | ${good + sum(others)} | ${good} | ${listed(others) || "none"} |`);
  }
  say("\n| | |\n|---|---|");
  say(`| faults provoked | ${sum(times)} |`);
  say(`| requests lost that no fault excuses | ${tally.lost.length} |`);
  say(
    `| requests that timed out while a bare server on this machine was late | ${listed(tally.starved) || "none"} |`,
  );
  say(
    `| answers of that bare server that took more than a second | ${(100 * machine.latePart()).toFixed(1)} %, longest ${(machine.longest() / 1000).toFixed(1)} s |`,
  );
  say(
    `| longest time for which this machine stood still | ${(machine.longestPause() / 1000).toFixed(1)} s |`,
  );
  say(
    `| requests repeated because their reused connection was closed as they were sent | ${tally.repeated} |`,
  );
  say(`| workers killed or frozen by the run | ${victims.size} |`);
  say(`| workers that died otherwise | ${died.length} |`);
  say(`| new workers that ended before serving, with a reason | ${refused} |`);
  say(`| longest time to an answer | ${(tally.longest / 1000).toFixed(1)} s |`);
  say(`| findings | ${findings.length} |`);
  for (const line of [...died, ...tally.lost, ...findings]) say(line.slice(0, 1_000));
  return died.length === 0 && tally.lost.length === 0 && findings.length === 0;
}
