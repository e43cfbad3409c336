import { fileURLToPath } from "node:url";
import { launch } from "../../../src/cluster/launcher.ts";

// Prints what launch() gives, or the reason why it did not: a process of its own, so that tsx is inherited by what it starts.
try {
  const launched = await launch({
    directory: process.cwd(),
    host: "127.0.0.1",
    port: Number(process.argv[2]),
    masterProgram: fileURLToPath(new URL("master-program.ts", import.meta.url)),
    programArguments: [],
    environment: {},
    foreground: false,
  });
  process.stdout.write(JSON.stringify(launched));
} catch (error) {
  process.stdout.write((error as Error).message);
  process.exitCode = 1;
}
