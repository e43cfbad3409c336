/** Memory of a kernel; pages are 65,536 bytes. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the WebAssembly API used here; some platforms lack it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const PAGE = 65_536;

/**
 * Compiles a kernel; returns a factory of instances, each with its own memory, or, if it was
 * compiled to import its memory, with the given one. Undefined where
 * WebAssembly or its SIMD is missing or forbidden (a page's content security policy), or on a
 * big-endian machine.
 */
export function compiledKernel<T>(base64: string): ((memory?: KernelMemory) => T) | undefined {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined || !LITTLE_ENDIAN) return undefined;
  try {
    const module = new api.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    return (memory) => new api.Instance(module, { env: { memory } }).exports as T;
  } catch {
    // compiling fails under a policy or without SIMD: the plain twins do the work
    return undefined;
  }
}

/**
 * Grows a kernel's memory to at least `bytes`; arrays over it become invalid. Throws when there is
 * not enough memory.
 */
export function growTo(memory: KernelMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}

/** Whether this machine is little-endian, as WebAssembly always is. */
export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
