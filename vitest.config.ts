import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };
const report = process.env.VITEST_REPORT;

/** Tests of whole programs wait more than they work: begun first, they end while the others work. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => /\/test\/(e2e|cluster)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

/** The packages are tested from their sources. */
const resolve = {
  alias: [
    {
      find: /^@sbnsis\/([a-z0-9]+)\/internal$/,
      replacement: fileURLToPath(new URL("packages/$1/src/internal.ts", import.meta.url)),
    },
    {
      find: /^@sbnsis\/([a-z0-9]+)$/,
      replacement: fileURLToPath(new URL("packages/$1/src/index.ts", import.meta.url)),
    },
  ],
};

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
    // many tests wait for servers, timeouts and other processes: more of them than processors can be under way
    maxWorkers: 4,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        resolve,
        test: {
          name: "default",
          include: ["{test,packages/*/test}/**/*.test.ts"],
          exclude: ["**/*.interop.test.ts", "**/node_modules/**"],
          ...limits,
        },
      },
      { resolve, test: { name: "interop", include: ["test/**/*.interop.test.ts"], ...limits } },
    ],
  },
});
