import type { PixelImage } from "../pixels/pixels.ts";

/** The position of an image on the graphics card. */
export interface TextureSlot {
  readonly texture: WebGLTexture;
  readonly layer: number;
  readonly isFloat: boolean;
  /** The stored value that was subtracted from the floats of the image; 0 for integers. */
  readonly zero: number;
}

interface Page {
  readonly texture: WebGLTexture;
  readonly side: number;
  readonly isFloat: boolean;
  readonly free: number[];
  readonly bytes: number;
}

interface Entry extends TextureSlot {
  readonly page: Page;
  /** Number of the picture that used it last. */
  used: number;
}

/**
 * Texture units of the samplers: a shader cannot draw while the unit of one of its
 * samplers has a texture of the other kind (OpenGL ES 3.0, 3.8.13).
 */
export const UNITS = { integers: 0, floats: 1, colors: 2 } as const;

/** Approximate size of a texture array, bytes: many images share one. */
const PAGE_BYTES = 8 * 2 ** 20;
/** Sides are multiples of this. */
const STEP = 64;
/** A float that means "no value", because shaders need not support NaN. */
const NO_VALUE = -3.4e38;

/**
 * Images as layers of integer and float texture arrays, uploaded when they are drawn. When they
 * take more than `limit` bytes, the least recently drawn ones are released, and uploaded again when
 * they are drawn again.
 */
export class TexturePool {
  readonly #gl: WebGL2RenderingContext;
  readonly #limit: number;
  readonly #pages: Page[] = [];
  readonly #entries = new Map<PixelImage, Entry>();
  #bytes = 0;

  constructor(gl: WebGL2RenderingContext, limit: number) {
    this.#gl = gl;
    this.#limit = limit;
  }

  /** Bytes of textures. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The slot of an image, which is uploaded to the graphics card if necessary. */
  slotOf(image: PixelImage, picture: number): TextureSlot {
    const known = this.#entries.get(image);
    if (known !== undefined) {
      known.used = picture;
      return known;
    }
    const isFloat = !(image.stored instanceof Int16Array);
    const side = STEP * Math.ceil(Math.max(image.width, image.height) / STEP);
    const page = this.#pageFor(side, isFloat, picture);
    const layer = page.free.pop()!;
    const zero = isFloat ? middleOf(image) : 0;
    this.#send(page, layer, image, zero);
    const entry = { texture: page.texture, layer, isFloat, zero, page, used: picture };
    this.#entries.set(image, entry);
    return entry;
  }

  /** Makes the texture of a slot that of its unit. */
  bind({ texture, isFloat }: TextureSlot): void {
    this.#bind(texture, isFloat);
  }

  #release(image: PixelImage): void {
    const entry = this.#entries.get(image);
    if (entry === undefined) return;
    this.#entries.delete(image);
    entry.page.free.push(entry.layer);
  }

  #bind(texture: WebGLTexture, isFloat: boolean): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + (isFloat ? UNITS.floats : UNITS.integers));
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  }

  #pageFor(side: number, isFloat: boolean, picture: number): Page {
    const fits = (page: Page) => page.side === side && page.isFloat === isFloat && page.free.length > 0;
    const known = this.#pages.find(fits);
    if (known !== undefined) return known;
    const layerBytes = side * side * (isFloat ? 4 : 2);
    const layers = Math.max(1, Math.min(64, Math.floor(PAGE_BYTES / layerBytes)));
    if (this.#bytes + layers * layerBytes > this.#limit) {
      this.#giveUp(side, isFloat, picture);
      const freed = this.#pages.find(fits);
      if (freed !== undefined) return freed;
      this.#dropUnused();
    }
    const page = this.#newPage(side, isFloat, layers, layers * layerBytes);
    this.#pages.push(page);
    this.#bytes += page.bytes;
    return page;
  }

  /** Releases half of the images of a kind, the least recently drawn ones. */
  #giveUp(side: number, isFloat: boolean, picture: number): void {
    const old = [...this.#entries]
      .filter(([, { used }]) => used < picture)
      .sort(([, a], [, b]) => a.used - b.used);
    const alike = old.filter(([, { page }]) => page.side === side && page.isFloat === isFloat);
    const chosen = alike.length > 0 ? alike : old;
    for (const [image] of chosen.slice(0, Math.ceil(chosen.length / 2))) this.#release(image);
  }

  #dropUnused(): void {
    for (let k = this.#pages.length - 1; k >= 0; k--) {
      const page = this.#pages[k]!;
      if ([...this.#entries.values()].some((entry) => entry.page === page)) continue;
      this.#gl.deleteTexture(page.texture);
      this.#pages.splice(k, 1);
      this.#bytes -= page.bytes;
    }
  }

  #newPage(side: number, isFloat: boolean, layers: number, bytes: number): Page {
    const gl = this.#gl;
    const texture = gl.createTexture();
    this.#bind(texture, isFloat);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, isFloat ? gl.R32F : gl.R16I, side, side, layers);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.NEAREST);
    }
    return { texture, side, isFloat, bytes, free: Array.from({ length: layers }, (_, k) => layers - 1 - k) };
  }

  #send(page: Page, layer: number, image: PixelImage, zero: number): void {
    const gl = this.#gl;
    const { width, height } = image;
    this.#bind(page.texture, page.isFloat);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const at = [gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, width, height, 1] as const;
    if (page.isFloat) gl.texSubImage3D(...at, gl.RED, gl.FLOAT, floatsOf(image, zero));
    else gl.texSubImage3D(...at, gl.RED_INTEGER, gl.SHORT, image.stored as Int16Array);
  }
}

/** Stored values relative to `zero`, so that a large offset does not cost digits. */
function floatsOf({ stored, blank }: PixelImage, zero: number): Float32Array {
  const out = new Float32Array(stored.length);
  for (let i = 0; i < out.length; i++) {
    const value = stored[i]!;
    out[i] = value === blank || !Number.isFinite(value) ? NO_VALUE : value - zero;
  }
  return out;
}

/** Approximately the median of the stored values; 0 if there are none. */
function middleOf({ stored, blank }: PixelImage): number {
  const values: number[] = [];
  const step = Math.max(1, Math.floor(stored.length / 1000));
  for (let i = 0; i < stored.length; i += step) {
    const value = stored[i]!;
    if (Number.isFinite(value) && value !== blank) values.push(value);
  }
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}
