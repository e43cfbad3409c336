/**
 * One element of a label. Names have no prefix: the PDS4 dictionaries choose names so that a path
 * identifies the element.
 */
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

/** All children of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The element at the end of a path of names, following the first child of each name. */
export function elementAt(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  let found = element;
  for (const name of path) found = childOf(found, name);
  return found;
}

/** The first descendant of `element` with that name, in document order. */
export function descendantOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  for (const child of element?.children ?? []) {
    const found = child.name === name ? child : descendantOf(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Text with white space folded; undefined when empty or absent (a nil element is empty). */
export function textOf(element: XmlElement | undefined): string | undefined {
  return element === undefined || element.text === "" ? undefined : element.text;
}

/** Length limit of text read as a number. */
const LONGEST_NUMBER = 255;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite number in an element; undefined when it has none. */
export function numberOf(element: XmlElement | undefined): number | undefined {
  const text = textOf(element);
  if (text === undefined || text.length > LONGEST_NUMBER || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
