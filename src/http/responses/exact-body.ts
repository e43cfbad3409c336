import { pipeline, type Readable, Transform } from "node:stream";
import { SisError } from "../../errors/sis-error.ts";

/**
 * A body announced with `length` bytes. It fails with SOURCE_CHANGED if `source` has fewer or more;
 * the connection is then destroyed, because the client would read what follows, the head of the
 * next response, as the rest of this body. `source` is destroyed with it.
 */
export function exactBody(source: Readable, length: number): Readable {
  let left = length;
  const wrong = () => {
    const how = left > 0 ? `${left} bytes short of` : "longer than";
    return new SisError("SOURCE_CHANGED", `a product is ${how} the ${length} bytes that were announced`);
  };
  const body = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      left -= chunk.length;
      if (left < 0) done(wrong());
      else done(null, chunk);
    },
    flush(done) {
      done(left === 0 ? null : wrong());
    },
  });
  pipeline(source, body, () => {
    // an error reaches the reader of the body
  });
  return body;
}
