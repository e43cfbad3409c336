import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Folders below the root of a checkout that contain the input of a build: src/, page/, and src/ of
 * each package.
 */
function sourceFolders(root: string): readonly string[] {
  const packages = readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(root, "packages", name, "src"));
  return [join(root, "src"), join(root, "page"), ...packages.sort()].filter((folder) => existsSync(folder));
}

/**
 * A digest of the sources in the checkout at `root`: of the names and contents of the files, not of
 * their times. SHA-256 in hexadecimal. Errors: those of the file system.
 */
export function sourceDigest(root: string): string {
  const hash = createHash("sha256");
  const files = sourceFolders(root).flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  );
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
