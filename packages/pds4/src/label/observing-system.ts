import { childOf, childrenOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** What a label says was observed with. */
export interface ObservingSystem {
  readonly facility: string;
  readonly instrument: string;
}

/** Stands where a label names no facility or no instrument: the columns are not nullable. */
const UNNAMED = "Unknown";

interface Component {
  readonly name: string;
  readonly type: string;
  readonly references: readonly string[];
}

function componentsOf(area: XmlElement | undefined): readonly Component[] {
  return childrenOf(area, "Observing_System").flatMap((system) =>
    childrenOf(system, "Observing_System_Component").flatMap((component) => {
      const name = textOf(childOf(component, "name"));
      if (name === undefined) return [];
      const references = childrenOf(component, "Internal_Reference").flatMap(
        (reference) => textOf(childOf(reference, "reference_type")) ?? [],
      );
      return [{ name, type: textOf(childOf(component, "type"))?.toLowerCase() ?? "", references }];
    }),
  );
}

/** By falling preference: what the existing service reads comes first. */
const FACILITY: readonly ((c: Component) => boolean)[] = [
  (c) => c.references.includes("is_telescope"),
  (c) => c.type === "telescope",
  (c) => c.references.includes("is_facility"),
  (c) => ["observatory", "facility", "host", "airborne", "balloon", "suborbital rocket"].includes(c.type),
  (c) => c.references.includes("is_instrument_host"),
  (c) => ["spacecraft", "lander", "rover"].includes(c.type),
];
const INSTRUMENT: readonly ((c: Component) => boolean)[] = [
  (c) => c.references.includes("is_instrument"),
  (c) => c.type === "instrument",
];

function firstBy(components: readonly Component[], rules: readonly ((c: Component) => boolean)[]): string {
  for (const rule of rules) {
    const found = components.find(rule);
    if (found !== undefined) return found.name;
  }
  return UNNAMED;
}

/**
 * Facility and instrument of an Observation_Area: by reference type, else by component type; of several, the first in the label.
 * A label that names none gives `UNNAMED`.
 */
export function observingSystemOf(area: XmlElement | undefined): ObservingSystem {
  const components = componentsOf(area);
  return { facility: firstBy(components, FACILITY), instrument: firstBy(components, INSTRUMENT) };
}
