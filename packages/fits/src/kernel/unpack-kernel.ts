import { KERNEL_WORK, type Kernel } from "./kernel.ts";

/** Pixels unpacked between two copies. */
const BATCH = 16_384;
/** What the kernel may write behind the last pixel. */
const SLACK = 64;

/**
 * Unpacks `count` big-endian pixels of 2 or 4 bytes into `out`, an array of bytes as long as they are. `plane`: bytes from one plane to the
 * next where the bytes of the pixels lie in planes, else 0. False, and nothing done, when there is no memory.
 */
export function unpackByKernel(
  kernel: Kernel,
  bytes: Uint8Array,
  out: Uint8Array,
  count: number,
  width: 2 | 4,
  plane: number,
): boolean {
  const batch = Math.min(BATCH, 16 * Math.ceil(count / 16));
  const to = KERNEL_WORK + batch * width;
  const room = kernel.withMemory(to + batch * width + SLACK);
  if (room === undefined) return false;
  const memory = new Uint8Array(room.memory);
  for (let i = 0; i < count; i += batch) {
    const n = Math.min(batch, count - i);
    if (plane === 0) memory.set(bytes.subarray(i * width, (i + n) * width), KERNEL_WORK);
    else {
      for (let k = 0; k < width; k++) {
        memory.set(bytes.subarray(k * plane + i, k * plane + i + n), KERNEL_WORK + k * batch);
      }
    }
    room.exports.unpack(KERNEL_WORK, to, n, width, plane === 0 ? 0 : batch);
    out.set(memory.subarray(to, to + n * width), i * width);
  }
  return true;
}
