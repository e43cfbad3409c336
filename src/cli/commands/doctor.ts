import type { Command } from "commander";
import { loadSettings } from "../../config/settings.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { checkDatabase } from "../doctor/check-database.ts";
import { checkCache, checkClock, checkLog, checkOpenFiles, checkPublicUrl } from "../doctor/check-machine.ts";
import { checkBuild, checkService } from "../doctor/check-service.ts";
import type { Check, Finding } from "../doctor/finding.ts";
import { say } from "../run-command.ts";

const CHECKS: readonly Check[] = [
  checkBuild,
  checkDatabase,
  checkCache,
  checkLog,
  checkPublicUrl,
  checkClock,
  checkOpenFiles,
  checkService,
];

/**
 * `sbnsis doctor`: checks everything the service needs, changes nothing, and says how to fix what
 * is wrong. Exit status 1 when something must be fixed.
 */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check everything the service needs and suggest remedies; changes nothing")
    .option("--json", "print a JSON document")
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await examine();
      say(json ? JSON.stringify({ findings }) : findings.map(shown).join("\n"));
      if (findings.some(({ state }) => state === "wrong")) process.exitCode = 1;
    });
}

async function examine(): Promise<readonly Finding[]> {
  let settings: Settings;
  try {
    settings = loadSettings(process.cwd());
  } catch (error) {
    const about = (error as Error).message;
    return [
      {
        subject: "configuration",
        state: "wrong",
        about,
        remedy: "correct .env; sbnsis env --print shows the defaults",
      },
    ];
  }
  const findings: Finding[] = [{ subject: "configuration", state: "fine", about: "all settings are valid" }];
  for (const check of CHECKS) findings.push(...(await check(settings)));
  return findings;
}

const SIGNS = { fine: "ok     ", doubtful: "CHECK  ", wrong: "WRONG  " } as const;

function shown({ subject, state, about, remedy }: Finding): string {
  const head = `${SIGNS[state]}${subject.padEnd(14)} ${about}`;
  return remedy === undefined ? head : `${head}\n       ${"".padEnd(14)} -> ${remedy}`;
}
