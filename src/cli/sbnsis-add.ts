#!/usr/bin/env node
// Old versions of Node must be able to parse this file: it checks the version before anything else
// is loaded.
const version = process.versions.node.split(".").map(Number);
const old = version[0]! < 20 || (version[0] === 20 && version[1]! < 19);

if (old) {
  process.stderr.write(`sbnsis-add needs Node 20.19 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  void import("./load-program.ts").then(({ loadProgram }) =>
    loadProgram("sbnsis-add", async () => (await import("./add/add-labels.ts")).runSbnsisAdd(process.argv)),
  );
}

export {};
