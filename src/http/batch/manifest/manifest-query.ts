import { type Static, Type } from "typebox";

/** Parameters of the manifests. */
export const manifestQuerySchema = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: "Only rows after this number.", examples: [100] }),
  ),
  maxrec: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000_000, description: "Maximum number of rows.", examples: [100] }),
  ),
  status: Type.Optional(
    Type.Enum(["done", "partial", "failed", "skipped"], {
      type: "string",
      description: "Only rows with this status.",
      examples: ["failed"],
    }),
  ),
});
export type ManifestQuery = Static<typeof manifestQuerySchema>;
