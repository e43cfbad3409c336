// Imports go downward only, in the order of docs/architecture.md; a package is entered by its door only.
const packages = {
  fits: [],
  wcs: ["fits"],
  imaging: ["fits", "wcs"],
  pds4: ["fits"],
};
const rooms = [
  "errors",
  "storage",
  "config",
  "catalog",
  "products",
  "harvest",
  "test-data",
  "http",
  "supervisor",
  "cli",
];
const upward = rooms.slice(0, -1).map((name, i) => ({
  name: `${name}-imports-downward-only`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: { path: `^src/(${rooms.slice(i + 1).join("|")})/` },
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
    ...engines,
    {
      name: "packages-by-their-door",
      comment: "a package is entered by its index only",
      severity: "error",
      from: { path: "^(src|packages/([^/]+))/" },
      to: { path: "^packages/[^/]+/src/.", pathNot: "^packages/($2/src/|[^/]+/src/(index|internal)\\.ts$)" },
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
