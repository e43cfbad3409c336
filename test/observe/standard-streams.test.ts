import { expect, test } from "vitest";
import { ignoreBrokenPipes } from "../../src/observe/standard-streams.ts";

test.each(["stdout", "stderr"] as const)(
  "a process that runs a hundred commands has one listener for a broken pipe on %s",
  (name) => {
    const stream = process[name];
    ignoreBrokenPipes();
    const listeners = stream.listeners("error");
    for (let i = 0; i < 100; i++) ignoreBrokenPipes();
    expect(stream.listeners("error")).toEqual(listeners);
  },
);
