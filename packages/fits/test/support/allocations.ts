const KINDS = [
  "Uint8Array",
  "Int8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "Float32Array",
  "Float64Array",
] as const;

/**
 * Watches allocations of typed arrays, from `watchAllocations` to `end`. Memory of WebAssembly is
 * not counted.
 */
export interface AllocationWatch {
  /** Size of the largest array so far, in bytes. */
  largest: number;
  /** Restores the constructors. */
  end(): void;
}

export function watchAllocations(): AllocationWatch {
  const originals = KINDS.map((name) => [name, globalThis[name]] as const);
  const watch: AllocationWatch = {
    largest: 0,
    end: () => {
      for (const [name, Kind] of originals) replace(name, Kind, Kind);
    },
  };
  for (const [name, Kind] of originals) {
    const counting = new Proxy<object & typeof Kind>(Kind, {
      construct(target, given, newTarget): ArrayBufferView {
        // A subclass, such as Buffer, keeps its own prototype.
        const made = Reflect.construct(
          target,
          given,
          newTarget.prototype === Kind.prototype ? target : newTarget,
        );
        if (!(given[0] instanceof ArrayBuffer || given[0] instanceof SharedArrayBuffer))
          watch.largest = Math.max(watch.largest, made.byteLength);
        return made;
      },
    });
    replace(name, Kind, counting);
  }
  return watch;
}

/** Also counts arrays made by slice, map and `array.constructor`. */
function replace(name: string, original: { readonly prototype: object }, by: object): void {
  Object.defineProperty(globalThis, name, { value: by, writable: true, configurable: true });
  Object.defineProperty(original.prototype, "constructor", { value: by, writable: true, configurable: true });
}

/** Runs `work` and returns the size in bytes of the largest typed array it allocated. */
export async function largestAllocation(work: () => unknown): Promise<number> {
  const watch = watchAllocations();
  try {
    await work();
  } finally {
    watch.end();
  }
  return watch.largest;
}
