import {
  DATALINK_TYPE,
  type Link,
  linksDocument,
  MAXIMUM_VALUES,
  runIdOf,
  type SodaDomain,
  shownText,
  sodaDescriptorForImage,
  tableFormatOf,
} from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Observation } from "../../catalog/observations/observation.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import type { Logger } from "../../observe/logger.ts";
import { mediaTypeOfUrl } from "../../products/request/product-name.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { imageUrl, previewUrl, type VoAddresses } from "./observation-cells.ts";
import { givenParameters } from "./request-parameters.ts";

export interface LinksRouteOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly addresses: VoAddresses;
  readonly logger: Logger;
}

/** Service descriptors by the identifiers that clients gave. */
type Definitions = Map<string, { readonly number: number; readonly text: string }>;

/** {links} of DataLink 1.1. */
export async function linksRoute(app: FastifyInstance, options: LinksRouteOptions): Promise<void> {
  const { catalog, queries, addresses, logger } = options;
  app.route({
    method: ["GET", "HEAD", "POST"],
    url: "/links",
    handler: async (request, reply) => {
      const parameters = givenParameters(request);
      const { contentType } = tableFormatOf(parameters, false, DATALINK_TYPE);
      const runId = runIdOf(parameters);
      if (runId !== undefined) logger.info({ job_id: request.id, run_id: runId });
      const given = parameters.all("ID", Number.POSITIVE_INFINITY);
      const ids = given.slice(0, MAXIMUM_VALUES);
      const wanted = ids.map((id) => addresses.ids.lidOf(id));
      // the other product of an exposure is looked up with the image
      const partners = wanted.map((lid) => partnerOf(lid) ?? "");
      const signal = clientSignal(reply);
      const found = await queries.run(
        () => catalog.findObservations([...wanted, ...partners.filter((lid) => lid !== "")]),
        signal,
      );
      const existing = new Set(found.flatMap((observation) => observation?.lid.toLowerCase() ?? []));
      const services: Definitions = new Map();
      const links = ids.flatMap((id, i) => {
        const observation = found[i];
        if (observation === undefined) return [missing(id)];
        const partner = partnerOf(observation.lid);
        const hasPartner = partner !== undefined && existing.has(partner.toLowerCase());
        return linksOf(id, observation, hasPartner ? partner : undefined, addresses, services);
      });
      const text = linksDocument({
        links,
        services: [...services.values()].map(({ text }) => text),
        accessUrl: `${addresses.voUrl}/links`,
        end: { status: given.length > ids.length ? "OVERFLOW" : "OK" },
      });
      return reply.type(contentType).header("cache-control", "no-cache").send(text);
    },
  });
}

function missing(id: string): Link {
  const error = `NotFoundFault: There is no image ${shownText(id)}.`;
  return { id, error, description: "The image", semantics: "#this" };
}

/**
 * LID of the other product of an ATLAS exposure: of the difference image for the exposure, and the
 * reverse. A version is left out.
 */
function partnerOf(lid: string): string | undefined {
  // the version first: one expression for both would take quadratic time for hostile identifiers
  const bare = lid.split("::", 1)[0]!;
  const [, stem, suffix] = /^(.+\.)(fits|diff)$/i.exec(bare) ?? [];
  if (stem === undefined || suffix === undefined) return undefined;
  return stem + (suffix.toLowerCase() === "fits" ? "diff" : "fits");
}

/** The links of one image; adds the descriptors that they refer to, once for each identifier. */
function linksOf(
  id: string,
  observation: Observation,
  partner: string | undefined,
  addresses: VoAddresses,
  services: Definitions,
): readonly Link[] {
  const { lid, file_size } = observation;
  const number = definitionsOf(id, observation, addresses, services);
  const isDifference = /\.diff$/i.test(lid);
  return [
    {
      id,
      accessUrl: imageUrl(addresses, lid),
      description: "The image as archived",
      semantics: "#this",
      contentType: mediaTypeOfUrl(observation.image_url ?? ""),
      contentLength: file_size,
      contentQualifier: "#image",
      localSemantics: "fits",
    },
    {
      id,
      accessUrl: previewUrl(addresses, lid),
      description: "A small picture of the image",
      semantics: "#preview-image",
      contentType: "image/jpeg",
      contentQualifier: "#image",
      localSemantics: "thumbnail",
    },
    {
      id,
      accessUrl: imageUrl(addresses, lid, "?format=label"),
      description: "The PDS4 label of the image",
      semantics: "#detached-header",
      contentType: "text/xml",
      localSemantics: "label",
    },
    {
      id,
      serviceDef: `soda-sync-${number}`,
      description: "A cutout of the image",
      semantics: "#cutout",
      contentType: "image/fits",
      localSemantics: "cutout",
    },
    {
      id,
      serviceDef: `soda-async-${number}`,
      description: "A job with cutouts of the image",
      semantics: "#cutout",
      localSemantics: "cutouts",
    },
    ...(partner === undefined
      ? []
      : [
          {
            id,
            accessUrl: imageUrl(addresses, partner),
            description: isDifference ? "The exposure" : "The difference image of the exposure",
            semantics: isDifference ? "#progenitor" : "#derivation",
            contentType: "image/fits",
            contentQualifier: "#image",
            localSemantics: isDifference ? "exposure" : "difference",
          },
        ]),
  ];
}

/** The descriptors of an identifier; created for a new one. */
function definitionsOf(
  id: string,
  { s_ra, s_dec, s_fov, s_region, em_min, em_max, t_min, t_max }: Observation,
  { voUrl }: VoAddresses,
  services: Definitions,
): number {
  const known = services.get(id);
  if (known !== undefined) return known.number;
  const number = services.size + 1;
  const domain: SodaDomain = {
    id,
    circle: s_ra === null || s_dec === null || s_fov === null ? null : [s_ra, s_dec, s_fov / 2],
    polygon: s_region,
    band: em_min === null || em_max === null ? null : [em_min, em_max],
    time: t_min === null || t_max === null ? null : [t_min, t_max],
  };
  const descriptors = (["sync", "async"] as const).map((kind) =>
    sodaDescriptorForImage({ kind, accessUrl: `${voUrl}/${kind}` }, `soda-${kind}-${number}`, domain),
  );
  services.set(id, { number, text: descriptors.join("\n") });
  return number;
}
