// Imports go downward only, and a room or a package is entered by its doors (docs/architecture.md).
/** Packages, each with those that it may import. */
const packages = {
  fits: [],
  wcs: ["fits"],
  imaging: ["fits", "wcs"],
  pds4: ["fits"],
};
/** Rooms of the service from the bottom up, each with the files by which others may enter it. */
const rooms = {
  errors: ["catalogue", "sis-error", "system-reason"],
  concurrency: [
    "cancellation",
    "deadline",
    "exhaustion",
    "file-lock",
    "lock-token",
    "part-file",
    "patient-timeout",
    "process-identity",
    "single-flight",
    "threads",
    "work-queue",
  ],
  observe: [
    "standard-streams",
    "log-line",
    "logger",
    "metrics",
    "process-samples",
    "samples",
    "terminal-text",
  ],
  archive: [
    "file-source",
    "host-breaker",
    "local-access",
    "local-file",
    "memory-meter",
    "node-inflate",
    "redirect-policy",
    "remote-target",
    "source-identity",
    "source-kind",
    "sources",
  ],
  config: [
    "invalid-parameter",
    "settings",
    "settings-pages",
    "settings-schema",
    "sky-angle",
    "source-access",
    "text-value",
  ],
  catalog: [
    "catalog",
    "coverage",
    "engines/sqlite/sqlite-database",
    "examine-catalog",
    "image-writer",
    "open-catalog",
    "writable-catalog",
  ],
  products: [
    "cache-folder",
    "frame-description",
    "lookup-tables",
    "product",
    "product-service",
    "request/cutout-size",
  ],
  jobs: ["job", "job-handler", "job-runner", "job-store", "open-jobs"],
  harvest: ["count-labels", "harvest", "inventory", "location-url", "prune-images"],
  "test-data": ["add-test-data", "delete-test-data", "surveys/registry"],
  http: ["app", "client-buckets", "readiness", "shared-limit"],
  cluster: [
    "control-socket",
    "foreground",
    "installed-version",
    "launcher",
    "master",
    "master-log",
    "orphans",
    "pid-file",
    "rotate-logs",
    "service-programs",
    "source-watch",
    "stop-service",
  ],
  cli: [],
};
const names = Object.keys(rooms);
const upward = names.slice(0, -1).map((name, i) => ({
  name: `${name}-imports-downward-only`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: { path: `^src/(${names.slice(i + 1).join("|")})/` },
}));
const doors = Object.entries(rooms).map(([name, files]) => ({
  name: `${name}-by-its-doors`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/${name}/` },
  to: { path: `^src/${name}/`, pathNot: `^src/${name}/(${files.join("|")})\\.ts$` },
}));
const engines = Object.entries(packages).map(([name, below]) => ({
  name: `${name}-imports-only-${["itself", ...below].join("-and-")}`,
  severity: "error",
  from: { path: `^packages/${name}/src/` },
  to: { path: "^(packages|src)/", pathNot: `^packages/(${[name, ...below].join("|")})/src/` },
}));
module.exports = {
  forbidden: [
    ...upward,
    ...doors,
    ...engines,
    {
      name: "packages-by-their-door",
      comment: "a package is entered by its index, or by internal.ts from inside this repository",
      severity: "error",
      from: { path: "^(src|packages/([^/]+))/" },
      to: {
        path: "^packages/[^/]+/src/.",
        pathNot: "^packages/($2/src/|[^/]+/src/(index|internal)\\.ts$)",
      },
    },
    {
      name: "engines-without-node",
      comment: "fits, wcs, imaging and pds4 run in a browser too",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { dependencyTypes: ["core"] },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "not-to-tests",
      severity: "error",
      from: { path: "^(src|packages/[^/]+/src)/" },
      to: { path: "(^|/)(test|bench)/" },
    },
    {
      name: "not-to-dev-dep",
      severity: "error",
      from: { path: "^(src|packages/[^/]+/src)/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|test)/|/kernel/sources/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
