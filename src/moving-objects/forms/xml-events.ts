import { SaxesParser } from "saxes";
import { unreadable } from "../list-error.ts";

/** Receives the parts of an XML document; names have no namespace prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** `text` is the character data since the last tag. */
  close(name: string, text: string): void;
}

const MOST_DEPTH = 64;
const CHUNK = 65_536;

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/**
 * Parses an XML document in one pass without building a tree. Document type declarations are
 * refused, so entities can neither be declared nor expanded.
 * Errors: LIST_UNREADABLE with line and column; those of the handler.
 */
export function readXml(text: string, handler: XmlHandler): void {
  const parser = new SaxesParser({ xmlns: false, position: true });
  let depth = 0;
  let characters: string[] = [];
  const here = () => ({ line: parser.line, column: parser.column + 1 });
  parser.on("error", (error) => {
    throw unreadable(`not well-formed XML (${error.message.replace(/^(?:\d+:)+ ?/, "")})`, here());
  });
  parser.on("doctype", () => {
    throw unreadable("document type declarations are not allowed", here());
  });
  parser.on("opentag", ({ name, attributes }) => {
    depth += 1;
    if (depth > MOST_DEPTH) throw unreadable(`elements nest deeper than ${MOST_DEPTH}`, here());
    characters = [];
    handler.open(localName(name), attributes);
  });
  parser.on("closetag", ({ name }) => {
    depth -= 1;
    handler.close(localName(name), characters.join(""));
    characters = [];
  });
  const take = (data: string) => {
    characters.push(data);
  };
  parser.on("text", take);
  parser.on("cdata", take);
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
}
