import { fileURLToPath } from "node:url";
import { launch } from "../../../src/cluster/launcher.ts";

// Prints the result of launch(), or the reason why it failed: a separate process, so that its
// children inherit tsx.
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
