// Imports go downward only; the order is the one of docs/architecture.md.
const layers = [
  ["errors"],
  ["fits"],
  ["wcs"],
  ["imaging"],
  ["pds4"],
  ["storage"],
  ["config"],
  ["catalog"],
  ["products"],
  ["harvest"],
  ["test-data"],
  ["http"],
  ["supervisor"],
  ["cli"],
];
const upward = layers.flatMap(([name], i) =>
  i + 1 < layers.length
    ? [
        {
          name: `${name}-imports-downward-only`,
          severity: "error",
          from: { path: `^src/${name}/` },
          to: {
            path: `^src/(${layers
              .slice(i + 1)
              .map(([n]) => n)
              .join("|")})/`,
          },
        },
      ]
    : [],
);
module.exports = {
  forbidden: [
    ...upward,
    {
      name: "pure-engines",
      comment: "fits, wcs and imaging run in a browser too",
      severity: "error",
      from: { path: "^src/(errors|fits|wcs|imaging)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "siblings-apart",
      comment: "knowledge stays where it belongs",
      severity: "error",
      from: { path: "^src/(imaging|pds4|storage)/" },
      to: { path: "^src/(imaging|pds4|storage)/", pathNot: "^src/$1/" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "not-to-tests", severity: "error", from: { path: "^src/" }, to: { path: "^(test|bench)/" } },
    {
      name: "not-to-dev-dep",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
