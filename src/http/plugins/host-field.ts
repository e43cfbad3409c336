import type { FastifyInstance } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

/**
 * uri-host and port (RFC 3986, 3.2.2 and 3.2.3); the port may be empty, and so may the whole field.
 */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/;

/**
 * Refuses requests without a Host field, with more than one, or with a malformed one (RFC 9112,
 * 3.2): Node uses the first, while a proxy in front may have used the last.
 */
export function installHostField(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { rawHeaders, httpVersion } = request.raw;
    let fields = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!;
      if (name.length !== 4 || name.toLowerCase() !== "host") continue;
      fields++;
      if (fields > 1 || !HOST.test(rawHeaders[i + 1]!)) {
        return done(invalidHost());
      }
    }
    done(fields === 0 && httpVersion === "1.1" ? invalidHost() : undefined);
  });
}

function invalidHost(): SisError {
  return new SisError("MALFORMED_REQUEST", "The request must have exactly one valid Host field.");
}
