import { Busboy } from "@fastify/busboy";
import { GivenParameters, VoError } from "@sbnsis/vo";
import { type SkyShape, shapeProblem } from "@sbnsis/wcs/internal";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { SisError } from "../../errors/sis-error.ts";

/**
 * The parameters of a request: those of the query string, then those of the body (DALI 1.1, 3).
 */
export function givenParameters({ url, body }: FastifyRequest): GivenParameters {
  const at = url.indexOf("?");
  const query = at < 0 ? [] : [...new URLSearchParams(url.slice(at + 1))];
  return new GivenParameters(Array.isArray(body) ? [...query, ...(body as FormFields)] : query);
}

/** Names and values of a form, in order. */
type FormFields = readonly (readonly [name: string, value: string])[];

/** The largest body: pyvo sends the identifiers of all rows of a result at once. Bytes. */
const MAXIMUM_FORM_BYTES = 4_194_304;

/** Fields of a form; more are refused. */
const MAXIMUM_FIELDS = 100_000;

/** Makes a scope read the bodies of forms, and nothing else, as names and values. */
export function installFormBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: "buffer" as const, bodyLimit: MAXIMUM_FORM_BYTES };
  app.addContentTypeParser("application/x-www-form-urlencoded", options, (_request, body: Buffer, done) => {
    done(null, [...new URLSearchParams(body.toString())]);
  });
  app.addContentTypeParser("multipart/form-data", options, (request, body: Buffer, done) => {
    readMultipart(request.headers["content-type"] ?? "", body).then(
      (fields) => done(null, fields),
      (error: Error) => done(error),
    );
  });
  app.addContentTypeParser("*", options, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, []);
    const message = "The body must be a form: application/x-www-form-urlencoded or multipart/form-data.";
    done(new SisError("MALFORMED_REQUEST", message));
  });
}

/** The fields of a multipart form (RFC 7578); files are refused. Errors: MALFORMED_REQUEST. */
function readMultipart(contentType: string, body: Buffer): Promise<FormFields> {
  return new Promise((resolve, reject) => {
    const fields: (readonly [string, string])[] = [];
    const fail = (message: string, cause?: unknown) =>
      reject(new SisError("MALFORMED_REQUEST", message, { cause }));
    try {
      const limits = { fieldSize: MAXIMUM_FORM_BYTES, fields: MAXIMUM_FIELDS, files: 1 };
      const form = new Busboy({ headers: { "content-type": contentType }, limits });
      form.on("field", (name, value) => fields.push([name, value]));
      form.on("file", (name, file) => {
        file.resume();
        fail(`The field ${name} of the form is a file; allowed: values.`);
      });
      form.on("fieldsLimit", () => fail(`The form has more than ${MAXIMUM_FIELDS} fields.`));
      form.on("error", (error) => fail("The body is not a valid multipart form.", error));
      form.on("finish", () => resolve(fields));
      form.end(body);
    } catch (error) {
      fail("The body is not a valid multipart form.", error);
    }
  });
}

/**
 * Refuses regions that are not what their standards allow on the sphere, such as polygons whose
 * edges cross (SIA 2.0, 2.1.1; DALI 1.1, 3.3.7). Errors: VO_USAGE.
 */
export function refuseShapes(parameter: string, shapes: readonly SkyShape[]): void {
  for (const shape of shapes) {
    const problem = shapeProblem(shape);
    if (problem !== undefined) throw new VoError("VO_USAGE", `${parameter} is not allowed: ${problem}.`);
  }
}
