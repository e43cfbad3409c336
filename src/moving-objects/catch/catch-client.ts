import { HttpClient } from "../../archive/http/http-client.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { sourceAccess } from "../../config/source-access.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { CatchAccess } from "./catch-list.ts";

/** Longest time that CATCH may take for a list, milliseconds. */
const DEADLINE_MS = 30_000;

/**
 * Access to the API of CATCH that SBNSIS_CATCH_URL names. No other host is contacted, not even by
 * redirects. Must be closed.
 */
export function catchClient(settings: Settings, version: string): CatchAccess & { close(): Promise<void> } {
  const { catchUrl: url } = settings.page;
  const { http } = sourceAccess(settings, version);
  let client: HttpClient | undefined;
  return {
    url,
    maximumBytes: settings.batch.bytes,
    get: async (address, signal) => {
      client ??= new HttpClient({ ...http, allowedHosts: [hostOf(new URL(url))], redirectHosts: [] });
      const late = AbortSignal.timeout(DEADLINE_MS);
      const inTime = <T>(work: Promise<T>) =>
        work.catch((error: unknown) => {
          throw late.aborted && !signal.aborted ? tooLate(address) : error;
        });
      const ending = AbortSignal.any([signal, late]);
      const { status, body } = await inTime(
        client.get({ url: address }, { accept: "application/json" }, ending),
      );
      async function* chunks() {
        const parts = body.chunks();
        for (;;) {
          const next = await inTime(parts.next());
          if (next.done === true) return;
          yield next.value;
        }
      }
      return { status, chunks: chunks(), close: () => body.close() };
    },
    close: async () => await client?.close(),
  };
}

/** In the form of SBNSIS_ALLOWED_HOSTS, with the port. */
function hostOf({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function tooLate({ host }: URL): SisError {
  return new SisError(
    "CATCH_FAILED",
    `CATCH (${host}) sent no complete list within ${DEADLINE_MS / 1000} s.`,
  );
}
