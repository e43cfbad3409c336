import { SaxesParser, type SaxesTagPlain } from "saxes";
import { LabelError } from "../errors.ts";
import type { XmlElement } from "./xml-element.ts";
import { foldText, isOpaque, LABEL_LIMITS, localName, type XmlLimits } from "./xml-rules.ts";

const CHUNK = 64 * 1024;

interface OpenElement {
  name: string;
  text: string;
  attributes: Readonly<Record<string, string>>;
  children: OpenElement[];
}

function invalid(message: string): LabelError {
  return new LabelError("LABEL_INVALID", message);
}

/**
 * Parses an XML document in one pass and returns its root element.
 * Document type declarations are refused, so entities can neither be declared nor expanded.
 * Errors: LABEL_INVALID, with line and column, for malformed XML and when a limit is exceeded.
 */
export function parseXml(text: string, limits: XmlLimits = LABEL_LIMITS): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: OpenElement[] = [];
  let root: OpenElement | undefined;
  let depth = 0;
  let elements = 0;
  /** Depth of the enclosing opaque element, or 0. */
  let opaqueAt = 0;

  parser.on("error", (error) => {
    throw invalid(`not well-formed XML at ${error.message}`);
  });
  parser.on("doctype", () => {
    throw invalid("document type declarations are not allowed");
  });
  parser.on("opentag", (tag: SaxesTagPlain) => {
    depth += 1;
    elements += 1;
    if (depth > limits.depth) throw invalid(`elements nest deeper than ${limits.depth}`);
    if (elements > limits.elements) throw invalid(`more than ${limits.elements} elements`);
    if (opaqueAt > 0) return;
    const parent = open.at(-1);
    const name = localName(tag.name);
    const element: OpenElement = { name, text: "", attributes: tag.attributes, children: [] };
    if (parent === undefined) root = element;
    else parent.children.push(element);
    if (isOpaque(name, parent?.name)) opaqueAt = depth;
    else open.push(element);
  });
  parser.on("closetag", () => {
    if (opaqueAt === 0) {
      const element = open.pop();
      if (element !== undefined) element.text = foldText(element.text);
    } else if (opaqueAt === depth) opaqueAt = 0;
    depth -= 1;
  });
  let attributes = 0;
  parser.on("opentagstart", () => {
    attributes = 0;
  });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > limits.attributes)
      throw invalid(`an element has more than ${limits.attributes} attributes`);
  });
  const characters = (data: string) => {
    const element = opaqueAt === 0 ? open.at(-1) : undefined;
    if (element !== undefined) element.text += data;
  };
  parser.on("text", characters);
  parser.on("cdata", characters);

  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
  if (root === undefined) throw invalid("the document is empty");
  return root;
}
