import { unreadable } from "../list-error.ts";
import type { ObjectList } from "../object-row.ts";
import { ADES_COLUMNS } from "./ades-psv.ts";
import { adesRow, adesTarget } from "./ades-row.ts";
import { PLAIN_RULES } from "./build-row.ts";
import { type FormOptions, TableRows } from "./table-rows.ts";
import { readXml } from "./xml-events.ts";

/** Elements that are one observation each. */
const OBSERVATIONS = new Set(["optical", "offset", "occultation", "radar"]);

const VERSIONS = new Set(["2017", "2022"]);

/**
 * ADES in XML, versions 2017 and 2022. Observations without a position (radar, offsets) are rows
 * that are invalid.
 * Errors: LIST_UNREADABLE, LIST_TOO_LARGE.
 */
export function readAdesXml(text: string, options: FormOptions): ObjectList {
  const table = new TableRows(ADES_COLUMNS, PLAIN_RULES, options);
  let fields: Map<string, string> | undefined;
  readXml(text, {
    open(name, { version }) {
      if (name === "ades" && version !== undefined && !VERSIONS.has(version)) {
        throw unreadable(`ADES version ${version.slice(0, 20)} is not 2017 or 2022`, { line: 1, column: 1 });
      }
      if (OBSERVATIONS.has(name)) fields = new Map();
    },
    close(name, content) {
      if (fields === undefined) return;
      if (OBSERVATIONS.has(name)) {
        table.add(adesRow(fields));
        fields = undefined;
      } else fields.set(name, content.trim());
    },
  });
  if (table.rows.length === 0) throw unreadable("there are no observations", { line: 1, column: 1 });
  return {
    form: "ades-xml",
    target: adesTarget(table.rows),
    isEphemeris: false,
    rows: table.rows,
    ignored: [],
    notes: [],
    options: {},
  };
}
