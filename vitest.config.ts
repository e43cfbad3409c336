import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: "test/support/typed-array-equality.ts",
};
/** The modules under test are loaded once per worker instead of once per file. */
const together = { isolate: false, ...common };
const report = process.env.VITEST_REPORT;

const LONG = ["e2e", "products", "cluster", "cli", "scripts", "catalog"].map((folder) => `/test/${folder}/`);

/** Long tests first, so that none is left alone at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((folder) => moduleId.includes(folder));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
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
    sequence: { sequencer: LongFirst },
    // transformed modules are kept between runs, by their content
    experimental: { fsModuleCache: true },
    // many tests wait for servers, timeouts and other processes, so more of them than there are
    // processors can run at once
    maxWorkers: 4,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        resolve,
        test: {
          name: "default",
          include: ["{test,packages/*/test}/**/*.test.ts"],
          exclude: ["**/*.{process,interop,cluster}.test.ts", "**/node_modules/**"],
          ...together,
        },
      },
      // the built commands and services, which are started, killed, frozen and restarted
      { resolve, test: { name: "process", include: ["test/**/*.process.test.ts"], ...together } },
      { resolve, test: { name: "interop", include: ["test/**/*.interop.test.ts"], ...common } },
      // several machines behind a balancer, while they are killed, frozen and drained
      { resolve, test: { name: "cluster", include: ["test/**/*.cluster.test.ts"], ...common } },
    ],
  },
});
