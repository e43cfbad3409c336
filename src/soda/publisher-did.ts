/** Between the authority and the LID of an identifier. */
const RESOURCE = "/sbnsis?";

/**
 * Identifiers of images in the Virtual Observatory: `ivo://AUTHORITY/sbnsis?LID` (IVOA Identifiers
 * 2.0, 4.1), or the LID itself where no authority is registered.
 */
export interface PublisherIds {
  /** The identifier of an image. */
  didOf(lid: string): string;
  /**
   * The LID, possibly with `::version`, that a client means: an identifier (case-insensitive), or
   * the LID.
   */
  lidOf(id: string): string;
}

/** @param authority SBNSIS_IVOA_AUTHORITY; empty if there is none */
export function publisherIds(authority: string): PublisherIds {
  if (authority === "") return { didOf: (lid) => lid, lidOf: (id) => id };
  const prefix = `ivo://${authority}${RESOURCE}`;
  const lowered = prefix.toLowerCase();
  return {
    didOf: (lid) => prefix + lid,
    lidOf: (id) => (id.slice(0, prefix.length).toLowerCase() === lowered ? id.slice(prefix.length) : id),
  };
}
