import { nameEnd, readAttributes } from "./scan-markup.ts";
import { isFileArea, isOpaque, localName } from "./xml-rules.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A start tag as written between `<` and `>`. */
export interface StartTag {
  /** The text between `<` and `>`. */
  readonly content: string;
  /** Name as written, prefix included, and without the prefix. */
  readonly written: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly isEmpty: boolean;
  readonly isFileArea: boolean;
  /**
   * Whether the element is opaque anywhere; within a file area, everything but files and arrays is.
   */
  readonly isOpaque: boolean;
}

const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/** Parses the text between `<` and `>`; undefined in doubt. */
function readTag(content: string, mostAttributes: number): StartTag | undefined {
  const isEmpty = content.endsWith("/");
  const text = isEmpty ? `${content.slice(0, -1)}>` : `${content}>`;
  const named = nameEnd(text, 0);
  if (named < 0) return undefined;
  const attributes: Record<string, string> = Object.create(null);
  if (readAttributes(text, named, attributes, mostAttributes) !== text.length - 1) return undefined;
  const written = text.slice(0, named);
  const name = localName(written);
  return {
    content,
    written,
    name,
    attributes: Object.keys(attributes).length === 0 ? NO_ATTRIBUTES : attributes,
    isEmpty,
    isFileArea: isFileArea(name),
    isOpaque: isOpaque(name, undefined),
  };
}

/** Limits: number of cached tags, and characters of the longest. */
const MAX_TAGS = 2048;
const LONGEST_TAG = 4096;

/**
 * Cache of start tags: the labels of a survey share the same few hundred, including the long root
 * tag.
 */
export class TagCache {
  readonly #mostAttributes: number;
  readonly #tags = new Map<string, StartTag>();
  /** Tags of the previous document, in order. */
  readonly #last: StartTag[] = [];

  constructor(mostAttributes: number) {
    this.#mostAttributes = mostAttributes;
  }

  /**
   * The tag with this text between `<` and `>`; undefined in doubt. `index` counts the tags of the
   * document: the tag with that index in the previous document is usually the same, and comparing
   * is faster than a look-up.
   */
  read(content: string, index: number): StartTag | undefined {
    const expected = this.#last[index];
    if (expected?.content === content) return expected;
    const tag = this.#tags.get(content) ?? this.#readNew(content);
    if (tag !== undefined && index < MAX_TAGS) this.#last[index] = tag;
    return tag;
  }

  #readNew(content: string): StartTag | undefined {
    // copied, because a slice would keep the whole document in memory
    const copy = decoder.decode(encoder.encode(content));
    const tag = readTag(copy, this.#mostAttributes);
    if (tag === undefined || copy.length > LONGEST_TAG) return tag;
    if (this.#tags.size >= MAX_TAGS) this.#tags.clear();
    this.#tags.set(copy, tag);
    return tag;
  }
}
