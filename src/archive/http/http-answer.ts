/** Header fields of an answer, names in lower case. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header field that may stand once. */
export function headerField(fields: HeaderFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" ? value : value?.[0];
}

/** The body of an answer as it arrives. Errors of the connection are SOURCE_* codes. */
export interface HttpBody {
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** Gives up the rest; the connection ends when there is any. Harmless on a body that was read. */
  close(): void;
}

/** The head of an answer, and its body, which must be read to its end or closed. */
export interface HttpAnswer {
  readonly status: number;
  readonly fields: HeaderFields;
  readonly body: HttpBody;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}
