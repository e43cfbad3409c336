import { childOf, childrenOf, textOf, type XmlElement } from "../xml/xml-element.ts";

/** The facility and instrument named by a label. */
export interface ObservingSystem {
  readonly facility: string;
  readonly instrument: string;
}

/** Value for a label that names no facility or no instrument: the columns are not nullable. */
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

/** In order of preference, beginning with the elements that the existing service reads. */
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
 * Facility and instrument of an Observation_Area: by reference type, or else by component type. The
 * first match in the label wins.
 * `UNNAMED` where the label names none.
 */
export function observingSystemOf(area: XmlElement | undefined): ObservingSystem {
  const components = componentsOf(area);
  return { facility: firstBy(components, FACILITY), instrument: firstBy(components, INSTRUMENT) };
}
