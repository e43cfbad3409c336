import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { METRIC_FAMILIES } from "../../../src/observe/families.ts";

test("the dashboard uses only metrics in the service's table of families, and most of them", () => {
  const text = readFileSync(new URL("../../../deploy/grafana-dashboard.json", import.meta.url), "utf8");
  const dashboard = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
  const asked = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) =>
      [...expr.matchAll(/sbnsis_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, "")),
    ),
  );
  for (const name of asked) expect(Object.keys(METRIC_FAMILIES)).toContain(name);
  expect(new Set(asked).size).toBeGreaterThan(12);
});
