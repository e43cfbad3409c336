import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };
const report = process.env.VITEST_REPORT;

/** Tests of whole programs wait more than they work: begun first, they end while the others work. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => /\/test\/(e2e|supervisor)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
    // many tests wait for servers, timeouts and other processes: more of them than processors can be under way
    maxWorkers: 4,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        test: {
          name: "default",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.interop.test.ts"],
          ...limits,
        },
      },
      { test: { name: "interop", include: ["test/**/*.interop.test.ts"], ...limits } },
    ],
  },
});
