import { SET_BY_START, SETTING_NAMES, settingSchema } from "./settings-schema.ts";
import { allowedText, type TextValue } from "./text-value.ts";

function written(value: TextValue): string {
  return typeof value === "boolean" ? String(value).toUpperCase() : String(value);
}

/** The text of a new `.env`: every variable that can be set there, with its meaning and default. */
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

This page is made from the schema in \`src/config/settings-schema.ts\` by \`npx tsx scripts/write-docs.ts\`.

Variables are set in the file \`.env\` of the working directory or in the environment; \`.env\` wins. An empty value means the default.
\`.env\` is read by the rules of python-dotenv 1.2, as the existing service does: a comment begins with \`#\` after white space, quotation marks keep
white space and line ends, and \`\${NAME}\` and \`\${NAME:-default}\` stand for other variables. A line that cannot be read is named and keeps the service from
starting.
\`sbnsis env\` writes a \`.env\` with every default. A value that is not allowed, and a variable in \`.env\` whose name begins with \`SBNSIS_\`, \`API_\` or \`DB_\`
and that is not in this table, keep the service from starting; the message names it. Other unknown variables are left to other
programs.

| variable | default | allowed | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}
