// Prints how an image was made: write-provenance.mjs ARCHIVE COMMIT BASE <BASE_INDEX
// BASE_INDEX: the image index (OCI) of the base, with all platforms of the image
// (in-toto Statement v1, https://in-toto.io/Statement/v1, with SLSA Provenance v1,
// https://slsa.dev/provenance/v1).
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const [archive, commit, base] = process.argv.slice(2);
const bases = JSON.parse(readFileSync(0, "utf8")).manifests;
const platformOf = ({ platform: { os, architecture } }) => `${os}/${architecture}`;
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const lock = new URL("../package-lock.json", import.meta.url).pathname;
const statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: basename(archive), digest: { sha256: sha256(archive) } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      buildType: "https://buildah.io/",
      externalParameters: {
        file: "deploy/Containerfile",
        platforms: bases.map(platformOf),
      },
      resolvedDependencies: [
        { uri: "git+sbn-survey-image-service", digest: { gitCommit: commit } },
        ...bases.map((manifest) => ({
          uri: base,
          name: platformOf(manifest),
          digest: { sha256: manifest.digest.replace("sha256:", "") },
        })),
        { uri: "package-lock.json", digest: { sha256: sha256(lock) } },
      ],
    },
    runDetails: {
      builder: { id: process.env.BUILDER_ID ?? "deploy:.ci/check-image" },
      metadata: { finishedOn: new Date().toISOString() },
    },
  },
};
console.log(JSON.stringify(statement, null, 1));
