/** How deflated bytes are wrapped: RFC 1952 or RFC 1950. */
export type DeflateFormat = "gzip" | "zlib";
