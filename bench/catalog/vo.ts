// Times searches of /vo/sia2 on a catalog of generated frames all over the sky: until the first row
// arrives, until the last one, and the memory of the service.
//
// npx tsx bench/catalog/vo.ts [--engine sqlite|postgresql] [--rows 1000000] [--folder DIR]
//
// Without --engine it runs both, PostgreSQL if it is installed. The catalog is created in a
// temporary folder and removed, or kept in --folder and reused; one worker of the service responds.
import { once } from "node:events";
import { get } from "node:http";
import { parseArgs } from "node:util";
import { onSkies, SKY_OPTIONS, startService } from "./sky-service.ts";

interface Answer {
  /** Milliseconds until the first row and the last byte. */
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

function ask(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let first = Number.NaN;
    let rows = 0;
    get(url, { agent: false }, (response) => {
      response.on("data", (bytes: Buffer) => {
        rows += bytes.toString("latin1").split("<TR>").length - 1;
        if (rows > 0 && Number.isNaN(first)) first = performance.now() - start;
      });
      response.once("end", () => resolve({ first, last: performance.now() - start, rows }));
    }).once("error", reject);
  });
}

/** The cases: name, parameters, and how often. */
const CASES = [
  ["CIRCLE of 1 degree", "POS=CIRCLE+150+20+1", 20],
  ["CIRCLE of 11 degrees, 10,000 rows", "POS=CIRCLE+150+20+11&MAXREC=10000", 8],
  ["the same around a pole", "POS=CIRCLE+0+90+11&MAXREC=10000", 8],
  ["TIME of a night", "TIME=59010+59011&MAXREC=10000", 8],
  ["half of the sky, 10,000 rows", "POS=RANGE+0+180+-90+90&MAXREC=10000", 3],
  ["everything, 100,000 rows", "MAXREC=100000", 3],
] as const;

await onSkies(parseArgs({ options: SKY_OPTIONS }).values, async (settings) => {
  const { child, address } = await startService(settings);
  child.removeAllListeners("exit");
  const memory = async () => {
    child.send("memory");
    const [bytes] = await once(child, "message");
    return Number(bytes) / 2 ** 20;
  };
  for (const [name, parameters, times] of CASES) {
    const url = `${address}/vo/sia2?${parameters}`;
    await ask(url);
    const answers: Answer[] = [];
    for (let i = 0; i < times; i += 1) answers.push(await ask(url));
    const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
    const [first, last] = [
      median(answers.map((each) => each.first)),
      median(answers.map((each) => each.last)),
    ];
    console.log(
      `${name.padEnd(36)} ${answers[0]!.rows} rows, first ${first.toFixed(1)} ms, last ${last.toFixed(0)} ms, memory ${(await memory()).toFixed(0)} MiB`,
    );
  }
  child.kill();
});
