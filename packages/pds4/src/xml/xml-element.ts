/** One element of a label. Names are without prefix: PDS4's dictionaries choose their names so that a path says which is meant. */
export interface XmlElement {
  readonly name: string;
  /** Own character data, white space folded. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Every child of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The element at the end of a path of names, first child each. */
export function elementAt(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  let found = element;
  for (const name of path) found = childOf(found, name);
  return found;
}

/** The first element of that name below `element`, in document order. */
export function descendantOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  for (const child of element?.children ?? []) {
    const found = child.name === name ? child : descendantOf(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Text with white space folded, or undefined when there is none (an element that is nil has none). */
export function textOf(element: XmlElement | undefined): string | undefined {
  return element === undefined || element.text === "" ? undefined : element.text;
}

/** Longest text that is read as a number. */
const LONGEST_NUMBER = 255;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Finite number of an element, or undefined. */
export function numberOf(element: XmlElement | undefined): number | undefined {
  const text = textOf(element);
  if (text === undefined || text.length > LONGEST_NUMBER || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
