import { defineConfig } from "vitest/config";

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };
const report = process.env.VITEST_REPORT;

export default defineConfig({
  test: {
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
