import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SETTING_NAMES } from "../../../src/config/settings-schema.ts";
import { hasProgram, repositoryRoot } from "../../support/oracles.ts";
import { builtProgram } from "../../support/servers/oracle-server.ts";

const helm = builtProgram("helm");
const chart = join(repositoryRoot, "deploy", "chart");
const validate = builtProgram("kubectl-validate");
const cluster = join(repositoryRoot, "deploy", "cluster");
const compose = builtProgram("compose-go");
const template = (...options: readonly string[]) =>
  execFileSync(helm!, ["template", "sis", chart, "--kube-version", "1.30", ...options], { encoding: "utf8" });
/** The parts of a service of compose.yaml that are read. */
interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>> | null;
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
}

/** The resources of a rendered chart. */
const resources = (text: string) => text.split(/^---$/m).filter((one) => /^kind:/m.test(one));
const kindOf = (resource: string) => /^kind: (\w+)/m.exec(resource)?.[1];

describe.skipIf(helm === undefined)("the Helm chart (.ci/install-tools builds helm)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sis-chart-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the Helm chart has no fault (helm lint --strict)", () => {
    const { status, stdout } = spawnSync(helm!, ["lint", "--strict", chart], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, expect.stringContaining("0 chart(s) failed")]);
  });

  test("the Helm chart creates nodes, job nodes, a front and a migration before them (helm template)", () => {
    const kinds = resources(template()).map(kindOf).sort();
    const expected = ["ConfigMap", "Deployment", "Deployment", "Job", "PodDisruptionBudget"];
    expect(kinds).toEqual([...expected, "Service", "Service", "StatefulSet"]);
    const job = resources(template()).find((one) => kindOf(one) === "Job");
    expect(job).toMatch(/helm\.sh\/hook: pre-install,pre-upgrade/);
    expect(job).toMatch(/args: \[sbnsis, create-tables\]/);
    const alone = resources(template("--set", "jobs.replicas=0"));
    expect(alone.filter((one) => kindOf(one) === "Deployment")).toHaveLength(1);
    expect(alone.find((one) => kindOf(one) === "StatefulSet")).toMatch(/value: "serve,jobs"/);
  });

  test.skipIf(validate === undefined)(
    "the Helm chart is valid for Kubernetes 1.30, with images on a volume too; a wrong type is noticed (kubectl-validate)",
    () => {
      const file = join(folder, "resources.yaml");
      const status = (text: string) => {
        writeFileSync(file, text);
        return spawnSync(validate!, ["--version", "1.30", file]).status;
      };
      expect(status(template("--set", "archiveClaim=frames"))).toBe(0);
      expect(status(template().replace("replicas: 3", "replicas: three"))).toBe(1);
    },
  );

  test("the Helm chart sets only variables of the service (settings of docs/configuration.md)", () => {
    const names = [...template().matchAll(/- name: ([A-Z][A-Z0-9_]+)$/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(SETTING_NAMES).toContain(name);
  });

  test.skipIf(!hasProgram("haproxy"))(
    "the Helm chart configures a front that HAProxy accepts, with or without a prefix, for any number of nodes (haproxy -c)",
    () => {
      for (const [base, nodes, field] of [
        ["/api", 3, 4],
        ["", 1, 3],
        ["/a/b", 12, 5],
      ] as const) {
        const text = template("--set", `env.BASE_HREF=${base}`, "--set", `serve.replicas=${nodes}`);
        const map = resources(text).find((one) => kindOf(one) === "ConfigMap")!;
        const configuration = map
          .slice(map.indexOf("haproxy.cfg: |") + "haproxy.cfg: |".length)
          .replace(/^ {4}/gm, "")
          // not looked up here
          .replace(/sis-nodes-\d+\.sis-nodes/g, "127.0.0.1");
        const file = join(folder, `front-${nodes}.cfg`);
        writeFileSync(file, `${configuration}\n`);
        const { status, stderr } = spawnSync("haproxy", ["-c", "-f", file], { encoding: "utf8" });
        expect([status, stderr]).toEqual([0, expect.not.stringContaining("ALERT")]);
        expect(configuration).toContain(`path,field(${field},/),url_dec`);
        // four backends, and the proxy of each node
        expect(configuration.match(/^ *server node\d+ /gm)).toHaveLength(5 * nodes);
        expect(configuration.match(/^ *listen node\d+ from ways$/gm)).toHaveLength(nodes);
      }
    },
  );
});

test.skipIf(!hasProgram("haproxy"))(
  "the fronts of deploy/cluster differ only in addresses and TLS; HAProxy accepts that of compose.yaml (haproxy -c)",
  () => {
    const shipped = (name: string) => readFileSync(join(cluster, name), "utf8");
    const folder = mkdtempSync(join(tmpdir(), "sis-front-"));
    const file = join(folder, "front.cfg");
    writeFileSync(file, shipped("compose-haproxy.cfg").replace(/ node\d:/g, " 127.0.0.1:"));
    const { status } = spawnSync("haproxy", ["-c", "-q", "-f", file]);
    rmSync(folder, { recursive: true });
    expect(status).toBe(0);
    const rules = (name: string) =>
      shipped(name)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) =>
          /^(?:timeout|retr|balance|hash|use_backend|acl|http-|option|default_backend)/.test(line),
        );
    expect(rules("compose-haproxy.cfg")).toEqual(rules("haproxy.cfg"));
  },
);

test.skipIf(compose === undefined)(
  "compose.yaml has three nodes that start after the migration (compose-go, the loader of Docker Compose)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "sis-compose-"));
    try {
      const file = join(folder, "compose.yaml");
      const text = readFileSync(join(cluster, "compose.yaml"), "utf8");
      const load = (content: string) => {
        writeFileSync(file, content.replace(/\$\{POSTGRES_PASSWORD[^}]*\}/g, "secret"));
        return spawnSync(compose!, ["-format", "json", file], { encoding: "utf8" });
      };
      const { services } = JSON.parse(load(text).stdout) as {
        readonly services: Readonly<Record<string, Service>>;
      };
      const expected = ["database", "front", "migrate", "node1", "node2", "node3"];
      expect(Object.keys(services).sort()).toEqual(expected);
      for (const name of ["node1", "node2", "node3"]) {
        const { environment, depends_on } = services[name]!;
        expect(environment?.SBNSIS_NODE_NAME).toBe(name);
        expect(depends_on.migrate?.condition).toBe("service_completed_successfully");
      }
      const own = Object.values(services).filter(({ image }) => image === "sbnsis");
      for (const { environment } of own)
        for (const variable of Object.keys(environment ?? {})) expect(SETTING_NAMES).toContain(variable);
      // an unknown key is noticed
      expect(load(text.replace("stop_grace_period", "stop_grace")).status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
