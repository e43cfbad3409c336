import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SisError } from "../../errors/sis-error.ts";

/** The names of views, each a page with a script of its own. */
export type ViewName = "find" | "look" | "compare" | "cut";

/**
 * A file of the page in memory: as it is, and, unless it is a picture, compressed at build time.
 */
interface PageAsset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly coded?: { readonly gzip: Buffer; readonly br: Buffer };
}

/** A page of the guide. `{{service}}` and `{{root}}` in it are addresses of the service. */
export interface GuidePage {
  /** Address below guide/. */
  readonly slug: string;
  readonly name: string;
  readonly title: string;
  readonly contents: readonly { readonly level: number; readonly id: string; readonly text: string }[];
  readonly html: string;
}

/** The output of `npm run build` for page/. */
export interface BuiltPage {
  /** By name; names contain a digest of the content. */
  readonly assets: ReadonlyMap<string, PageAsset>;
  readonly main: string;
  readonly style: string;
  readonly guideScript: string;
  readonly licenses: string;
  readonly guide: readonly GuidePage[];
  /** The scripts of workers by their names. */
  readonly workers: Readonly<Record<string, string>>;
  /** Scripts that a view needs before it shows anything, the main one first. */
  readonly views: Readonly<Record<ViewName, readonly string[]>>;
}

type Manifest = Omit<BuiltPage, "assets" | "guide"> & { readonly assets: Readonly<Record<string, unknown>> };

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

/** The folder that the build writes, whether this module is compiled or a source. */
function builtFolder(): string {
  const isCompiled = import.meta.url.endsWith(".js");
  return fileURLToPath(new URL(isCompiled ? "../../page/" : "../../../dist/page/", import.meta.url));
}

/**
 * Reads the page into memory. Errors: CONFIG_INVALID when it was not built, because a service with
 * the page enabled could not serve it.
 */
export function readBuiltPage(folder = builtFolder()): BuiltPage {
  try {
    const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, "utf8")) as Manifest;
    const assets = Object.keys(manifest.assets).map((name): [string, PageAsset] => {
      const read = (ending: string) => readFileSync(`${folder}assets/${name}${ending}`);
      const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
      if (type === undefined) throw new Error(`${name} has an unknown type`);
      const isCoded = !type.startsWith("image/");
      const bytes = read("");
      return [
        name,
        isCoded ? { type, bytes, coded: { gzip: read(".gz"), br: read(".br") } } : { type, bytes },
      ];
    });
    const guide = JSON.parse(readFileSync(`${folder}guide.json`, "utf8")) as GuidePage[];
    return { ...manifest, guide, assets: new Map(assets) };
  } catch (cause) {
    const reason = (cause as Error).message;
    const message = `the page cannot be read (${reason}): run npm run build, or set SBNSIS_PAGE=FALSE`;
    throw new SisError("CONFIG_INVALID", message, { cause });
  }
}
