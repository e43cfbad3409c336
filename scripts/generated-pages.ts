import { readFileSync } from "node:fs";
import { loadSettings } from "../src/config/settings.ts";
import { configurationPage } from "../src/config/settings-pages.ts";
import { ERROR_CATALOGUE, type ErrorEntry } from "../src/errors/catalogue.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";

/** The pages of docs/ that are made from the code, by file name. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  return {
    "configuration.md": configurationPage(),
    "errors.md": errorsPage(),
    "openapi.json": await openapiDocument(),
  };
}

function errorsPage(): string {
  const rows = Object.entries<ErrorEntry>(ERROR_CATALOGUE)
    .filter(([, { publicCode }]) => publicCode === undefined)
    .map(([code, { status, title, publicDetail }]) => ({ code, status, title, publicDetail }))
    .sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
    .map(({ code, status, title, publicDetail }) => {
      return `| ${status} | \`${code}\` | ${title} | ${publicDetail ?? "says what is wrong with the request"} |`;
    });
  const reasons = Object.entries<ErrorEntry>(ERROR_CATALOGUE)
    .filter(([, { publicCode }]) => publicCode !== undefined)
    .map(([code]) => `\`${code}\``);
  return `# Errors

This page is made from \`src/errors/catalogue.ts\` by \`npx tsx scripts/write-docs.ts\`.

Every error is a problem document (RFC 9457, \`application/problem+json\`) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\` and \`job_id\`.
A client whose Accept header names a text type and no JSON gets the sentence of \`detail\` alone. \`code\` does not change between versions.
\`job_id\`, also in the header \`x-job-id\`, finds the request in the log. Errors of the request add facts of their own, such as \`parameter\`,
\`value\` and \`allowed\`. A \`CORRUPT_SOURCE\` says in \`reason\` what is damaged: ${reasons.join(", ")}.

| status | code | title | detail |
|---|---|---|---|
${rows.join("\n")}
`;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The document of a service without settings. */
async function openapiDocument(): Promise<string> {
  const unusedNow = (): never => {
    throw new Error("no request is made here");
  };
  const unused = async (): Promise<never> => {
    throw new SisError("INTERNAL", "the document is made without asking anything");
  };
  const app = await buildApp({
    settings: loadSettings("/nonexistent", {}),
    catalog: {
      open: unused,
      probe: unused,
      coverage: unused,
      findImage: unused,
      findDetail: unused,
      queryImages: unused,
      searchImages: unused,
      summarize: unused,
      warnings: [],
      close: unused,
    },
    products: { get: unused, load: unusedNow, close: unused },
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      reopen: () => undefined,
      close: async () => undefined,
    },
    version: packageVersion(),
  });
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}
