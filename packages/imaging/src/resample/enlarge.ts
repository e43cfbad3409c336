/**
 * Enlarges 8-bit pixels by a whole factor: each becomes a square of `zoom` x `zoom`.
 *
 * @param size width and height before
 * @param channels interleaved values of a pixel
 */
export function enlarged(
  pixels: Uint8Array,
  [width, height]: readonly [number, number],
  channels: 1 | 3,
  zoom: number,
): Uint8Array {
  const line = width * zoom * channels;
  const out = new Uint8Array(line * height * zoom);
  for (let row = 0; row < height; row++) {
    const first = row * zoom * line;
    let at = first;
    for (let i = row * width * channels; i < (row + 1) * width * channels; i += channels) {
      for (let copy = 0; copy < zoom; copy++) {
        for (let channel = 0; channel < channels; channel++) out[at++] = pixels[i + channel]!;
      }
    }
    for (let copy = 1; copy < zoom; copy++) out.copyWithin(first + copy * line, first, first + line);
  }
  return out;
}
