import { Readable } from "node:stream";
import {
  linksDescriptor,
  OBSCORE_FIELDS,
  type QueryEnd,
  readSiaQuery,
  rowWriter,
  type SiaQuery,
  siaDescriptor,
  sodaDescriptorForRows,
  type TableFormat,
  tableFormatOf,
  votableHead,
  votableTail,
} from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Observation, ObservationQuery } from "../../catalog/observations/observation.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { publicDetailOf } from "../../errors/sis-error.ts";
import type { Logger } from "../../observe/logger.ts";
import { compressedBody } from "../plugins/compression.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { toSisError } from "../responses/problem.ts";
import { delimitedRow } from "../responses/tables.ts";
import {
  ACCESS_TYPES,
  type AccessFormat,
  accessFormats,
  cellsWriter,
  type VoAddresses,
} from "./observation-cells.ts";
import { givenParameters, refuseShapes } from "./request-parameters.ts";

export interface Sia2RouteOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly addresses: VoAddresses;
  readonly logger: Logger;
}

/** A part of a response: this many characters are sent at once. */
const CHUNK_LENGTH = 65_536;

const ALL_FIELDS: (typeof OBSCORE_FIELDS)[number][] = [...OBSCORE_FIELDS];
const votableRow = rowWriter(ALL_FIELDS);

/** {query} of SIA 2.0. */
export async function sia2Route(app: FastifyInstance, options: Sia2RouteOptions): Promise<void> {
  const { catalog, queries, addresses, logger } = options;
  const writeCells = cellsWriter(addresses);
  const writerOf = ({ kind }: TableFormat) => {
    const write = kind === "votable" ? votableRow : delimitedRow(kind);
    return (observation: Observation, access: AccessFormat) => write(writeCells(observation, access));
  };
  app.route({
    method: ["GET", "HEAD", "POST"],
    url: "/sia2",
    handler: async (request, reply) => {
      const parameters = givenParameters(request);
      const format = tableFormatOf(parameters, true);
      request.voError = {
        format: format.kind === "votable" ? "votable" : "text",
        contentType: format.contentType,
      };
      const query = readSiaQuery(parameters);
      refuseShapes("POS", query.pos);
      if (query.runId !== undefined) logger.info({ job_id: request.id, run_id: query.runId });
      const formats = accessFormats(query.format, addresses);
      const signal = clientSignal(reply);
      const found = catalog
        .observations(observationQuery(query, addresses), { limit: rowsNeeded(query, formats), signal })
        [Symbol.asyncIterator]();
      const next = () => queries.run(() => found.next(), signal);
      const [first, resources] = await Promise.all([
        next(),
        format.kind === "votable" ? siaResources(catalog, queries, addresses, signal) : [],
      ]);
      const batches = continued(first, next);
      reply.type(format.contentType).header("cache-control", "no-cache");
      if (request.method === "HEAD") {
        await found.return?.();
        return reply.send("");
      }
      const text = inChunks(
        documentOf(rowsOf(batches, formats, writerOf(format)), query.maxrec, format, resources),
      );
      return reply.send(compressedBody(request, reply, Readable.from(text, { objectMode: false })));
    },
  });
}

/** The query with the LIDs of its identifiers. */
function observationQuery(query: SiaQuery, { ids }: VoAddresses): ObservationQuery {
  return { ...query, id: query.id.map((id) => ids.lidOf(id)) };
}

/** One more row than is sent, which shows whether there are more. */
function rowsNeeded({ maxrec }: SiaQuery, formats: readonly AccessFormat[]): number {
  return formats.length === 0 ? 0 : Math.floor(maxrec / formats.length) + 1;
}

type Batch = readonly Observation[];

async function* continued(
  first: IteratorResult<Batch>,
  next: () => Promise<IteratorResult<Batch>>,
): AsyncGenerator<Batch> {
  for (let result = first; !result.done; result = await next()) yield result.value;
}

/** Rows of a table as text: one of each observation in each format. */
async function* rowsOf(
  batches: AsyncIterable<Batch>,
  formats: readonly AccessFormat[],
  write: (observation: Observation, access: AccessFormat) => string,
): AsyncGenerator<readonly string[]> {
  for await (const batch of batches) {
    const rows: string[] = [];
    for (const observation of batch) for (const access of formats) rows.push(write(observation, access));
    yield rows;
  }
}

/** The parts of a document; an error after the beginning is reported at the end. */
async function* documentOf(
  batches: AsyncIterable<readonly string[]>,
  maxrec: number,
  { kind }: TableFormat,
  resources: readonly string[],
): AsyncGenerator<string> {
  const isVotable = kind === "votable";
  yield isVotable
    ? votableHead({
        description: "Images that match a search of the SBN Survey Image Service",
        info: { standardID: "ivo://ivoa.net/std/SIA#query-2.0" },
        fields: ALL_FIELDS,
        hasSystems: true,
        hasMjd: true,
      })
    : delimitedRow(kind)(ALL_FIELDS.map(({ name }) => name));
  let left = maxrec;
  // MAXREC=0 requests only the columns (DALI 1.1, 3.4.4)
  let end: QueryEnd = maxrec === 0 ? { status: "OVERFLOW" } : { status: "OK" };
  try {
    for await (const rows of batches) {
      const isMore = rows.length > left;
      yield (isMore ? rows.slice(0, left) : rows).join("");
      left -= rows.length;
      if (isMore) {
        end = { status: "OVERFLOW" };
        break;
      }
    }
  } catch (error) {
    if (!isVotable) throw error;
    end = { status: "ERROR", message: `TransientFault: ${publicDetailOf(toSisError(error))}` };
  }
  if (isVotable) yield votableTail(end, resources);
}

/** Few large parts instead of many small ones; the first is sent at once. */
async function* inChunks(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let text = "";
  let isFirst = true;
  for await (const part of parts) {
    text += part;
    if (text.length < CHUNK_LENGTH && !(isFirst && part.includes("<TR>"))) continue;
    isFirst = false;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** RESOURCE elements after the results: services for the rows, and the parameters of this one. */
async function siaResources(
  catalog: Catalog,
  queries: WorkQueue,
  { voUrl }: VoAddresses,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = await queries.run(() => catalog.observationNames(), signal);
  return [
    linksDescriptor(`${voUrl}/links`, { utype: "adhoc:service", name: "links", ref: "obs_publisher_did" }),
    sodaDescriptorForRows({ kind: "sync", accessUrl: `${voUrl}/sync` }, "obs_publisher_did"),
    sodaDescriptorForRows({ kind: "async", accessUrl: `${voUrl}/async` }, "obs_publisher_did"),
    siaDescriptor(`${voUrl}/sia2`, { ...options, formats: ACCESS_TYPES }),
  ];
}
