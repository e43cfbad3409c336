import { LITTLE_ENDIAN } from "./endian.ts";

/** Memory of a kernel; pages are 65,536 bytes. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the WebAssembly API used here; not every platform that runs this has it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65_536;

/**
 * Compiles a kernel; gives what makes instances of it, each with memory of its own. Undefined where WebAssembly or its SIMD is missing or forbidden (a page's
 * content security policy), or where the machine is big-endian.
 */
export function compiledKernel<T>(base64: string): (() => T) | undefined {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined || !LITTLE_ENDIAN) return undefined;
  try {
    const module = new api.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    return () => new api.Instance(module).exports as T;
  } catch {
    // Compiling is refused by a policy or fails for want of SIMD: that is what the twins are for.
    return undefined;
  }
}

/** Makes a kernel's memory at least `bytes` long; arrays made over it before are useless then. Throws when there is no such memory. */
export function growTo(memory: KernelMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}
