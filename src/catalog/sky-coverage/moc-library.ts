import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** A part of the sky as cells of HEALPix (IVOA MOC 2.0). Stored in the memory of the library. */
export interface SkyMoc {
  or(other: SkyMoc): SkyMoc;
  degrade(order: number): SkyMoc;
  /** Percent of the sky. */
  coveragePercentage(): number;
  toFits(versionOne?: boolean): Uint8Array;
  toAscii(fold?: number): string;
  toJson(fold?: number): string;
  /** Releases its memory. */
  free(): void;
}

/** What the service uses of the library of the CDS. Orders are those of HEALPix. */
export interface MocLibrary {
  fromFits(bytes: Uint8Array): SkyMoc;
  /** Right ascensions and declinations of vertices, degrees; the smaller side of the edges. */
  fromPolygon(order: number, vertices: Float64Array, complement: boolean): SkyMoc;
  fromCone(order: number, ra: number, dec: number, radius: number): SkyMoc;
}

/** Functions of a WebAssembly program. */
type Exports = Readonly<Record<string, () => void>>;

/** The part of the WebAssembly API used here, which Node's types lack. */
interface WebAssemblyApi {
  instantiate(
    program: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Exports } }>;
}

/** The glue code of the package, which its own entry loads in a way that only bundlers know. */
interface Glue {
  readonly MOC: MocLibrary;
  __wbg_set_wasm(exports: Exports): void;
}

/** The library of the process, found also by a second evaluation of this module. */
const LOADED = Symbol.for("sbnsis.moc-library");

/**
 * Loads the library when it is first needed. Its glue keeps a view of the memory of the instance
 * that it was first used with, so that there must never be a second one: it would read the memory
 * of the first.
 */
export function mocLibrary(): Promise<MocLibrary> {
  const all = globalThis as { [LOADED]?: Promise<MocLibrary> };
  all[LOADED] ??= load();
  return all[LOADED];
}

async function load(): Promise<MocLibrary> {
  const require = createRequire(import.meta.url);
  const program = require.resolve("@fxpineau/moc-wasm/moc_bg.wasm");
  const glue = "@fxpineau/moc-wasm/moc_bg.js";
  const imported = (await import(glue)) as Glue;
  const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
  const { instance } = await api.instantiate(await readFile(program), { "./moc_bg.js": imported });
  imported.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start!();
  return imported.MOC;
}
