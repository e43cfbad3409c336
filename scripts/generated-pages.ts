import { readFileSync } from "node:fs";
import { loadSettings } from "../src/config/settings.ts";
import { configurationPage } from "../src/config/settings-pages.ts";
import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from "../src/errors/catalogue.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";
import { ERROR_GUIDANCE } from "./error-guidance.ts";

/** The pages of docs/ that are generated from the code, by file name. */
export async function generatedPages(): Promise<Readonly<Record<string, string>>> {
  return {
    "configuration.md": configurationPage(),
    "errors.md": errorsPage(),
    "openapi.json": await openapiDocument(),
  };
}

function errorsPage(): string {
  const all = Object.entries<ErrorEntry>(ERROR_CATALOGUE).map(([code, entry]) => ({
    code: code as ErrorCode,
    ...entry,
  }));
  const rows = all
    .filter(({ publicCode, code }) => publicCode === undefined && !COMMANDS_ONLY.has(code))
    .sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
    .map((entry) => {
      const detail = entry.publicDetail === undefined ? "" : ` "${entry.publicDetail}"`;
      return `| ${entry.status} | \`${entry.code}\` | ${cellsOf(entry.code, detail)} |`;
    });
  const reasons = all
    .filter(({ publicCode }) => publicCode !== undefined)
    .map(({ code }) => `| \`${code}\` | ${cellsOf(code)} |`);
  const commands = [...COMMANDS_ONLY].map((code) => `| \`${code}\` | ${cellsOf(code)} |`);
  return `# Errors

This page is generated from \`src/errors/catalogue.ts\` and \`scripts/error-guidance.ts\` by
\`npx tsx scripts/write-docs.ts\`.

## Format

Every error is a problem document (RFC 9457, \`application/problem+json\`) with \`type\`, \`title\`, \`status\`,
\`detail\`, \`code\` and \`job_id\`:

\`\`\`json
{"type": "about:blank", "title": "Bad Request", "status": 400,
 "detail": "If one of ra, dec, or size is defined, then all must be defined.",
 "code": "INCOMPLETE_CUTOUT", "job_id": "013f7515aa074ee58ad5929c8391a366"}
\`\`\`

- \`code\` does not change between versions; sentences may.
- \`job_id\`, also in the header \`x-job-id\`, identifies the request in the log.
- Errors in the request have further members, such as \`parameter\`, \`value\` and \`allowed\`.
- A client whose Accept header names a text type and no JSON receives the sentence in \`detail\` alone.

## Responses

Where \`detail\` is always the same sentence, it is quoted after the cause.

| status | code | cause | remedy |
|---|---|---|---|
${rows.join("\n")}

## Reasons of CORRUPT_SOURCE

| reason | cause | remedy |
|---|---|---|
${reasons.join("\n")}

## Errors of commands

These codes do not occur in responses to correct requests; the commands print their message.

| code | cause | remedy |
|---|---|---|
${commands.join("\n")}
`;
}

/** Codes that only sbnsis and sbnsis-add report. */
const COMMANDS_ONLY: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "USAGE",
  "OPERATION_FAILED",
  "LABEL_INVALID",
  "LABEL_SKIPPED",
]);

/** The cells of cause and remedy. */
function cellsOf(code: ErrorCode, detail = ""): string {
  const { cause, remedy } = ERROR_GUIDANCE[code];
  return `${cause}${detail} | ${remedy}`;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The document of a service with default settings. */
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
      findImages: unused,
      findDetail: unused,
      queryImages: unused,
      listImages: unused,
      searchImages: unused,
      observations: unusedNow,
      findObservations: unused,
      observationNames: unused,
      timeSpan: unused,
      surveyCoverages: unused,
      surveyCoverage: unused,
      summarize: unused,
      warnings: [],
      close: unused,
    },
    products: {
      get: unused,
      stack: unused,
      tiles: { describe: unused, get: unused },
      load: unusedNow,
      close: unused,
    },
    jobs: {
      submit: unused,
      prepare: unused,
      amend: unused,
      phases: unused,
      get: unused,
      list: unused,
      items: unused,
      results: unused,
      failedWith: unused,
      events: unused,
      abort: unused,
      destroy: unused,
      retry: unused,
      close: unused,
    },
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
