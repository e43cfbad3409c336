// Completes the configuration of `runc spec`:
// container-bundle.mjs CONFIG ROOT DIRECTORY PORT ARGUMENT...
// The service runs as user 1000 on a read-only image, in the network of the machine, on a directory
// of its own.
import { readFileSync, writeFileSync } from "node:fs";

const [config, rootfs, directory, port, ...command] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(config, "utf8"));
spec.process.terminal = false;
spec.process.user = { uid: 1000, gid: 1000 };
spec.process.cwd = "/srv/sbnsis";
spec.process.args = ["tini", "--", ...command];
spec.process.env = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  `API_PORT=${port}`,
  "LIVE_GUNICORN_INSTANCES=1",
];
spec.process.capabilities = {};
spec.process.noNewPrivileges = true;
spec.process.rlimits = [{ type: "RLIMIT_NOFILE", hard: 4096, soft: 4096 }];
spec.root = { path: rootfs, readonly: true };
spec.mounts.push(
  { destination: "/srv/sbnsis", type: "bind", source: directory, options: ["rbind", "rw"] },
  { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"] },
);
spec.linux.namespaces = spec.linux.namespaces.filter(({ type }) => type !== "network" && type !== "cgroup");
writeFileSync(config, JSON.stringify(spec, null, 1));
