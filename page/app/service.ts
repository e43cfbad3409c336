/** An answer of the service that is not what was asked for. */
export class ServiceError extends Error {
  readonly status: number;
  /** Code of docs/errors.md, or NETWORK where no answer came. */
  readonly code: string;
  /** Seconds after which the service wants to be asked again, if it says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Most requests for the same thing, and the first pause between two; pauses double. */
const MAX_TRIES = 5;
const FIRST_PAUSE_MS = 1500;
/** Statuses that may pass: a timeout, a rate limit, and faults of the service or an archive. */
const PASSING: ReadonlySet<number> = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

/**
 * Milliseconds to wait before a request that failed is sent again; undefined where it should not
 * be: the fault will not pass, or it was sent often enough.
 * @param tries how often it was sent
 */
export function pauseBefore(error: unknown, tries: number): number | undefined {
  if (!(error instanceof ServiceError && PASSING.has(error.status)) || tries >= MAX_TRIES) return undefined;
  return Math.max(FIRST_PAUSE_MS * 2 ** (tries - 1), 1000 * (error.retryAfter ?? 0));
}

/**
 * Requests a resource. Errors: ServiceError with the code and the sentence of the problem document;
 * an aborted request rejects with its AbortError.
 */
export async function request(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ServiceError(0, "NETWORK", "The service cannot be reached.");
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** The JSON of a resource. Errors: those of `request`. */
export async function requestJson<T>(url: string, options?: RequestInit): Promise<T> {
  const response = await request(url, options);
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<ServiceError> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, detail } = (problem ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  // the form with a date is for caches; the service sends seconds
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new ServiceError(
    response.status,
    typeof code === "string" ? code : "HTTP",
    typeof detail === "string" ? detail : `The service responded with status ${response.status}.`,
    Number.isFinite(seconds) ? seconds : undefined,
  );
}
