import { imageCapabilities, resourceRecordDocument } from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

export interface RegistryOptions {
  /** SBNSIS_IVOA_AUTHORITY and SBNSIS_IVOA_CONTACT; empty if not set. */
  readonly authority: string;
  readonly contact: string;
  readonly baseUrl: string;
  readonly voUrl: string;
  readonly version: string;
  /** Where the images are: a MOC as ASCII; undefined if it is not known. */
  readonly moc: () => Promise<string | undefined>;
  /** When they were exposed, Modified Julian Dates; undefined if it is not known. */
  readonly span: () => Promise<readonly [number, number] | undefined>;
}

/** When the interfaces were first published. */
const CREATED = Date.UTC(2026, 10, 28);

/** /registry.xml: the record of the service for registries. */
export async function registryRoute(app: FastifyInstance, options: RegistryOptions): Promise<void> {
  const { authority, contact, baseUrl, voUrl, version, moc, span } = options;
  const updated = Date.now();
  app.route({
    method: ["GET", "HEAD"],
    url: "/registry.xml",
    handler: async (_request, reply) => {
      const person = contactOf(contact);
      if (authority === "" || person === undefined) {
        const message = "There is no record: SBNSIS_IVOA_AUTHORITY and SBNSIS_IVOA_CONTACT are not set.";
        throw new SisError("ROUTE_NOT_FOUND", message);
      }
      const [coverage, temporal] = await Promise.all([moc(), span()]);
      const text = resourceRecordDocument({
        identifier: `ivo://${authority}/sbnsis`,
        title: "Small-Bodies Node Survey Images",
        shortName: "SBN images",
        publisher: "Planetary Data System, Small-Bodies Node",
        contact: person,
        description:
          "Images of surveys for asteroids and comets: search by place, time and more, whole images, cutouts and pictures.",
        subjects: ["asteroids", "comets", "sky-surveys"],
        referenceUrl: `${baseUrl}/ui/`,
        version,
        created: CREATED,
        updated,
        capabilities: imageCapabilities(voUrl),
        ...(coverage !== undefined && { moc: coverage }),
        ...(temporal !== undefined && { temporal }),
      });
      return reply.type("text/xml").send(text);
    },
  });
}

/** `Name <address>`; undefined if it is not set. */
function contactOf(contact: string): { readonly name: string; readonly email: string } | undefined {
  const [, name, email] = /^(.*\S)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(contact) ?? [];
  return name === undefined || email === undefined ? undefined : { name, email };
}
