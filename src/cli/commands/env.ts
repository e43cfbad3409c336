import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { envTemplate } from "../../config/settings-pages.ts";
import { SisError } from "../../errors/sis-error.ts";
import { say } from "../run-command.ts";

/** `sbnsis env`: a new `.env` with every variable, its default and its meaning. */
export function addEnv(program: Command): void {
  program
    .command("env")
    .description("create a new .env file")
    .option("--print", "print the defaults without writing a file")
    .action(({ print = false }: { print?: boolean }) => {
      if (print) {
        process.stdout.write(envTemplate());
        return;
      }
      try {
        // It will hold a password: only its owner may read it.
        writeFileSync(join(process.cwd(), ".env"), envTemplate(), { flag: "wx", mode: 0o600 });
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        const reason =
          code === "EEXIST"
            ? "a .env file already exists and was left unchanged; sbnsis env --print shows the defaults"
            : `the file .env cannot be written (${code})`;
        throw new SisError("OPERATION_FAILED", reason, { cause: error });
      }
      say("wrote .env");
    });
}
