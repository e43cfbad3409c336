import { commentEnd, declarationEnd, instructionEnd, isWhite, miscEnd } from "./scan-markup.ts";
import { type StartTag, TagCache } from "./tag-cache.ts";
import type { XmlElement } from "./xml-element.ts";
import { foldText, isFileArea, isKeptInFileArea, LABEL_LIMITS } from "./xml-rules.ts";

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  children: OpenElement[];
}

/** Characters that XML 1.0 forbids, and rare ones that are left to the full parser. */
const DOUBTFUL = /[^\t\n -\ud7ff]|\]\]>/;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The character that a reference denotes; undefined for one that XML 1.0 does not allow. */
function referred([, entity, decimal, hexadecimal = ""]: RegExpExecArray): string | undefined {
  if (entity !== undefined) return ENTITIES[entity];
  const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
  const allowed = (code >= 0x20 && code <= 0xd7ff) || code === 9 || code === 10;
  return allowed ? String.fromCodePoint(code) : undefined;
}

/** The text from `at` up to `end` with its references replaced; undefined if one is in doubt. */
function withoutReferences(text: string, at: number, end: number): string | undefined {
  let plain = "";
  let from = at;
  for (let to = text.indexOf("&", at); to >= 0 && to < end; to = text.indexOf("&", from)) {
    REFERENCE.lastIndex = to;
    const match = REFERENCE.exec(text);
    const character = match === null ? undefined : referred(match);
    if (character === undefined) return undefined;
    plain += text.slice(from, to) + character;
    from = REFERENCE.lastIndex;
  }
  return plain + text.slice(from, end);
}

/** Children of an element that has none yet. */
const NONE: OpenElement[] = [];

/** Tags of the labels read by this thread. */
const tags = new TagCache(LABEL_LIMITS.attributes);

/** The tree under construction. */
class Tree {
  root: OpenElement | undefined;
  /** The innermost open element that is kept. */
  top: OpenElement | undefined;
  /** Names as written, prefix included, of all open elements. */
  readonly names: string[] = [];
  readonly #open: OpenElement[] = [];
  /** Depth of the enclosing opaque element, or 0. */
  #opaqueAt = 0;
  /** Whether `top` is a file area. */
  #isFileArea = false;

  enter({ written, name, attributes, isOpaque, isFileArea }: StartTag): void {
    this.names.push(written);
    if (this.#opaqueAt > 0) return;
    const parent = this.top;
    const element: OpenElement = { name, text: "", attributes, children: NONE };
    if (parent === undefined) this.root = element;
    else if (parent.children === NONE) parent.children = [element];
    else parent.children.push(element);
    if (isOpaque || (this.#isFileArea && !isKeptInFileArea(name))) this.#opaqueAt = this.names.length;
    else {
      this.#open.push(element);
      this.top = element;
      this.#isFileArea = isFileArea;
    }
  }

  leave(): void {
    const depth = this.names.length;
    this.names.pop();
    if (this.#opaqueAt > 0) {
      if (this.#opaqueAt === depth) this.#opaqueAt = 0;
      return;
    }
    const element = this.#open.pop();
    if (element !== undefined && element.text !== "") element.text = foldText(element.text);
    this.top = this.#open.at(-1);
    this.#isFileArea = this.top !== undefined && isFileArea(this.top.name);
  }

  get keepsText(): boolean {
    return this.#opaqueAt === 0;
  }
}

/** End of the character data at `at`, which is added to the open element; -1 in doubt. */
function readText(text: string, at: number, tree: Tree, hasReferences: boolean): number {
  const end = text.indexOf("<", at);
  if (end <= at || !tree.keepsText || tree.top === undefined) {
    const sound = !hasReferences || end < 0 || withoutReferences(text, at, end) !== undefined;
    return sound ? end : -1;
  }
  const { top } = tree;
  if (isWhite(text, at, end)) {
    // white space matters only between two pieces of text
    if (top.text !== "") top.text += " ";
    return end;
  }
  const data = hasReferences ? withoutReferences(text, at, end) : text.slice(at, end);
  if (data === undefined) return -1;
  top.text = top.text === "" ? data : top.text + data;
  return end;
}

/**
 * End of the start tag at `at`; its element is opened, and closed if the tag is empty; -1 in doubt.
 */
function readStartTag(text: string, at: number, tree: Tree, index: number): number {
  // a `>` within an attribute cuts the tag short, and the remainder is then in doubt
  const end = text.indexOf(">", at);
  const tag = end < 0 ? undefined : tags.read(text.slice(at + 1, end), index);
  if (tag === undefined) return -1;
  tree.enter(tag);
  if (tag.isEmpty) tree.leave();
  return end + 1;
}

/** End of the end tag at `at`, which closes its element; -1 in doubt. */
function readEndTag(text: string, at: number, tree: Tree): number {
  const name = tree.names.at(-1);
  if (name === undefined) return -1;
  const end = at + 2 + name.length;
  if (text.charCodeAt(end) !== 0x3e || text.slice(at + 2, end) !== name) return -1;
  tree.leave();
  return end + 1;
}

/**
 * Scans a plain XML document, as labels are, several times faster than the full parser, with the
 * same resulting tree.
 * Undefined when in doubt: malformed XML, an exceeded limit, a document type, non-ASCII names,
 * references in attributes, and other rarities. The full parser then decides and reports the error.
 * `isPlain`: the result of `isPlainAscii` for the document's bytes.
 */
export function scanXml(written: string, isPlain = false): XmlElement | undefined {
  const text = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
  // one scan of all characters here saves checking each one later; `]]>` is allowed only at the end
  // of CDATA, which is rare
  if (isPlain ? text.includes("]]>") : DOUBTFUL.test(text)) return undefined;
  const hasReferences = text.includes("&");
  const tree = new Tree();
  let at = miscEnd(text, declarationEnd(text));
  if (at < 0 || text.charCodeAt(at) !== 0x3c) return undefined;
  let elements = 0;
  do {
    const next = text.charCodeAt(at + 1);
    if (next === 0x2f) at = readEndTag(text, at, tree);
    else if (next === 0x21) at = commentEnd(text, at);
    else if (next === 0x3f) at = instructionEnd(text, at);
    else {
      elements += 1;
      if (elements > LABEL_LIMITS.elements || tree.names.length >= LABEL_LIMITS.depth) return undefined;
      at = readStartTag(text, at, tree, elements - 1);
    }
    if (at >= 0 && tree.names.length > 0) at = readText(text, at, tree, hasReferences);
    if (at < 0) return undefined;
  } while (tree.names.length > 0);
  const end = miscEnd(text, at);
  return end === text.length ? tree.root : undefined;
}
