import { SET_BY_START, SETTING_NAMES, settingSchema } from "./settings-schema.ts";
import { allowedText, type TextValue } from "./text-value.ts";

function written(value: TextValue): string {
  return typeof value === "boolean" ? String(value).toUpperCase() : String(value);
}

/** The text of a new `.env`: every variable that can be set in it, with its meaning and default. */
export function envTemplate(): string {
  const blocks = SETTING_NAMES.filter((name) => !SET_BY_START.has(name)).map((name) => {
    const { description, default: fallback } = settingSchema(name);
    return `# ${description}\n${name}=${written(fallback)}\n`;
  });
  return blocks.join("\n");
}

/** The text of docs/configuration.md. */
export function configurationPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const schema = settingSchema(name);
    const fallback = written(schema.default);
    const allowed = allowedText(schema).replaceAll("|", "\\|");
    return `| ${name} | ${fallback === "" ? "empty" : `\`${fallback}\``} | ${allowed} | ${schema.description} |`;
  });
  return `# Configuration

This page is generated from \`src/config/settings-schema.ts\` by \`npx tsx scripts/write-docs.ts\`.

## The file .env

Settings are variables in the file \`.env\` in the working directory, or in the environment; \`.env\` takes
precedence. An empty value means the default. \`sbnsis env\` writes a \`.env\` with every setting and its
default; \`sbnsis env --print\` prints it.

\`.env\` is parsed by the rules of python-dotenv 1.2, like that of the Python service:

- A comment begins with \`#\` at the start of a line or after white space. \`PASSWORD=a#b\` is \`a#b\`.
- Quotation marks preserve white space and line breaks.
- \`\${NAME}\` and \`\${NAME:-default}\` are replaced by other variables; single quotes prevent this.

The service does not start, and names the cause, when a line cannot be parsed, a value is not allowed, or
\`.env\` contains an unknown variable that begins with \`SBNSIS_\`, \`API_\` or \`DB_\` (probably a typo). Other
unknown variables are ignored.

\`sbnsis restart\` applies changes, except to API_HOST and API_PORT, which need \`sbnsis stop\` and
\`sbnsis start\`.

## Settings

| variable | default | allowed | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}
