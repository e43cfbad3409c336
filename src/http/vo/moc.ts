import { createHash } from "node:crypto";
import { usageError } from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { CoverageForm } from "../../catalog/sky-coverage/survey-coverage.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { SisError } from "../../errors/sis-error.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { isNotModified } from "../responses/conditions.ts";
import { csvTable } from "../responses/tables.ts";

export interface MocOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly voUrl: string;
}

/** Media types of the forms of a coverage. */
const TYPES: Readonly<Record<CoverageForm, string>> = {
  fits: "application/fits",
  ascii: "text/plain; charset=utf-8",
  json: "application/json; charset=utf-8",
};

const HEADER = ["name", "images", "order", "area_deg2", "href"];

/** /moc, the list of coverages, and /moc/{name}, the coverage of a survey or of all (MOC 2.0). */
export async function mocRoutes(
  app: FastifyInstance,
  { catalog, queries, voUrl }: MocOptions,
): Promise<void> {
  app.route({
    method: ["GET", "HEAD"],
    url: "/moc",
    handler: async (_request, reply) => {
      const coverages = await queries.run(() => catalog.surveyCoverages(), clientSignal(reply));
      const rows = coverages.map(({ name, images, order, area }) => {
        const href = `${voUrl}/moc/${encodeURIComponent(name)}`;
        return [name, String(images), String(order), area.toFixed(4), href];
      });
      return reply
        .type("text/csv; charset=utf-8; header=present")
        .header("cache-control", "no-cache")
        .send(csvTable(HEADER, rows));
    },
  });

  app.route<{ Params: { name: string } }>({
    method: ["GET", "HEAD"],
    url: "/moc/:name",
    handler: async (request, reply) => {
      const { name } = request.params;
      const form = formOf(request.query as Readonly<Record<string, unknown>>);
      const bytes = await queries.run(() => catalog.surveyCoverage({ name, form }), clientSignal(reply));
      if (bytes === undefined) {
        throw new SisError("ROUTE_NOT_FOUND", `There is no coverage with this name; ${voUrl}/moc lists all.`);
      }
      const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
      reply.header("etag", etag).header("cache-control", "no-cache");
      if (isNotModified(request.headers, { etag, lastModified: undefined })) return reply.code(304).send();
      return reply.type(TYPES[form]).send(Buffer.from(bytes));
    },
  });
}

/** The form that the parameter `format` (case-insensitive) names. Errors: VO_USAGE. */
function formOf(query: Readonly<Record<string, unknown>>): CoverageForm {
  const given = Object.entries(query).find(([name]) => name.toLowerCase() === "format")?.[1] ?? "";
  if (given === "") return "fits";
  if (typeof given === "string" && Object.hasOwn(TYPES, given)) return given as CoverageForm;
  throw usageError("format", String(given), "fits, ascii, json");
}
