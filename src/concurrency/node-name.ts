import { hostname } from "node:os";

let configured = "";

/** Sets the name of this machine for the process: SBNSIS_NODE_NAME, "" for none. */
export function setNodeName(name: string): void {
  configured = name;
}

/** The name by which other machines know this one: the configured one, otherwise the host name. */
export function nodeName(): string {
  return configured === "" ? hostname() : configured;
}

/** The configured name of this machine; undefined where there is only one, which needs no name. */
export function configuredNodeName(): string | undefined {
  return configured === "" ? undefined : configured;
}
