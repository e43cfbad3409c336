/** A command of a page of the docs, and the response shown below it. */
export interface DocExample {
  readonly language: string;
  readonly code: string;
  /** Expected standard output; `...` stands for any text, and white space does not count. */
  readonly output: string;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/**
 * The examples of a Markdown page: blocks of the given languages, each followed by a block of
 * `text`. Throws if that is missing.
 */
export function docExamples(
  page: string,
  languages: readonly string[] = ["sh", "python"],
): readonly DocExample[] {
  const blocks = [...page.matchAll(FENCE)];
  return blocks.flatMap(([, language, code = ""], index): DocExample[] => {
    if (language === undefined || !languages.includes(language)) return [];
    const next = blocks[index + 1];
    if (next?.[1] !== "text") throw new Error(`no response is shown below: ${code}`);
    return [{ language, code, output: next[2] ?? "" }];
  });
}

/** Matches output that is as shown. */
export function outputPattern(shown: string): RegExp {
  const parts = shown.replaceAll(/\s/g, "").split("...");
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*")}$`);
}
