import { type CellValue, DATALINK_TYPE, OBSCORE_CONSTANTS, OBSCORE_FIELDS } from "@sbnsis/vo";
import type { Observation } from "../../catalog/observations/observation.ts";
import type { PublisherIds } from "../../soda/publisher-did.ts";

/** Beginnings of addresses. */
export interface VoAddresses {
  /** Of the service. */
  readonly baseUrl: string;
  /** Of the interfaces of the Virtual Observatory. */
  readonly voUrl: string;
  readonly ids: PublisherIds;
}

/** What access_url leads to. */
export interface AccessFormat {
  readonly mediaType: string;
  readonly url: (observation: Observation) => string;
}

/** Media types of FORMAT that mean the same. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["application/fits", "image/fits"],
  ["image/fits", "image/fits"],
  ["image/jpeg", "image/jpeg"],
  ["image/png", "image/png"],
  [DATALINK_TYPE, DATALINK_TYPE],
]);

/** Media types that FORMAT may have. */
export const ACCESS_TYPES: readonly string[] = [DATALINK_TYPE, "image/fits", "image/jpeg", "image/png"];

/** Address of an image. */
export function imageUrl({ baseUrl }: VoAddresses, lid: string, query = ""): string {
  return `${baseUrl}/images/${encodeURIComponent(lid)}${query}`;
}

/** Address of a small picture of an image. */
export function previewUrl(addresses: VoAddresses, lid: string): string {
  return imageUrl(addresses, lid, "?format=jpeg&width=256");
}

/**
 * The formats that values of FORMAT mean, each once: links if there is no value, nothing for
 * unknown ones (SIA 2.0, 2.1.16).
 */
export function accessFormats(format: readonly string[], addresses: VoAddresses): readonly AccessFormat[] {
  const wanted = format.length === 0 ? [DATALINK_TYPE] : format.map(withoutBlanks);
  const types = new Set(wanted.map((type) => SYNONYMS.get(type)).filter((type) => type !== undefined));
  return [...types].map((mediaType) => ({ mediaType, url: urlOf(mediaType, addresses) }));
}

/** Writes the cells of an observation in the order of OBSCORE_FIELDS. */
export function cellsWriter(
  addresses: VoAddresses,
): (observation: Observation, access: AccessFormat) => readonly CellValue[] {
  const { ids } = addresses;
  const own: Readonly<Record<string, (observation: Observation, access: AccessFormat) => CellValue>> = {
    obs_publisher_did: ({ lid }) => ids.didOf(lid),
    access_url: (observation, { url }) => url(observation),
    access_format: (_observation, { mediaType }) => mediaType,
    preview: ({ lid }) => previewUrl(addresses, lid),
  };
  const constants: Readonly<Record<string, CellValue>> = OBSCORE_CONSTANTS;
  const cells = OBSCORE_FIELDS.map(({ name }) => {
    if (Object.hasOwn(own, name)) return own[name]!;
    if (Object.hasOwn(constants, name)) return () => constants[name]!;
    return (observation: Observation) => observation[name as keyof Observation];
  });
  return (observation, access) => cells.map((cell) => cell(observation, access));
}

function urlOf(mediaType: string, addresses: VoAddresses): AccessFormat["url"] {
  const { voUrl, ids } = addresses;
  if (mediaType === DATALINK_TYPE)
    return ({ lid }) => `${voUrl}/links?ID=${encodeURIComponent(ids.didOf(lid))}`;
  if (mediaType === "image/fits") return ({ lid }) => imageUrl(addresses, lid);
  const query = `?format=${mediaType.slice("image/".length)}`;
  return ({ lid }) => imageUrl(addresses, lid, query);
}

function withoutBlanks(type: string): string {
  return type.replaceAll(" ", "").toLowerCase();
}
