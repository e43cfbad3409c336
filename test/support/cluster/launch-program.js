// Prints the result of launch(), or the reason why it failed: node launch-program.js PORT
import { fileURLToPath } from "node:url";
import { launch } from "../../../dist/cluster/launcher.js";

try {
  const launched = await launch({
    directory: process.cwd(),
    host: "127.0.0.1",
    port: Number(process.argv[2]),
    masterProgram: fileURLToPath(new URL("master-program.js", import.meta.url)),
    programArguments: [],
    environment: {},
    foreground: false,
  });
  process.stdout.write(JSON.stringify(launched));
} catch (error) {
  process.stdout.write(error.message);
  process.exitCode = 1;
}
