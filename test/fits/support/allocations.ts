import { vi } from "vitest";

const KINDS = [
  "Uint8Array",
  "Int16Array",
  "Int32Array",
  "BigInt64Array",
  "Float32Array",
  "Float64Array",
] as const;

/** Runs `work` and tells how many bytes the largest typed array took that it made anew. Memory of WebAssembly is not counted. */
export async function largestAllocation(work: () => unknown): Promise<number> {
  let largest = 0;
  const originals = KINDS.map((name) => globalThis[name]);
  for (const [i, name] of KINDS.entries()) {
    const Kind = originals[i]!;
    const counting = new Proxy<object & typeof Kind>(Kind, {
      construct(target, given, newTarget): ArrayBufferView {
        // A subclass, as Buffer is one, keeps its own prototype.
        const made = Reflect.construct(
          target,
          given,
          newTarget.prototype === Kind.prototype ? target : newTarget,
        );
        if (!(given[0] instanceof ArrayBuffer || given[0] instanceof SharedArrayBuffer))
          largest = Math.max(largest, made.byteLength);
        return made;
      },
    });
    vi.stubGlobal(name, counting);
    // What slice, map and `array.constructor` make counts too.
    Object.defineProperty(Kind.prototype, "constructor", {
      value: counting,
      writable: true,
      configurable: true,
    });
  }
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
    for (const Kind of originals)
      Object.defineProperty(Kind.prototype, "constructor", {
        value: Kind,
        writable: true,
        configurable: true,
      });
  }
  return largest;
}
