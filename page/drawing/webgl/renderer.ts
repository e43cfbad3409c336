import { colormapTable } from "@sbnsis/imaging";
import { type Affine, applied, inverse, type PlaneBox } from "../camera.ts";
import { type Display, type Levels, STRETCH_PARAMETERS, STRETCHES } from "../display.ts";
import type { PixelImage } from "../pixels/pixels.ts";
import type { CubicPatch } from "../sky/cubic-map.ts";
import { FRAGMENT_SHADER, UNIFORMS, VERTEX_SHADER } from "./shaders.ts";
import { TexturePool, UNITS } from "./texture-pool.ts";

/** An image and its position on the plane of the view. */
export interface DrawnImage {
  readonly image: PixelImage;
  /** The parts of the plane to draw, with the pixels they show. */
  readonly patches: readonly CubicPatch[];
  readonly levels: Levels;
  /** Whether values between pixels are interpolated. */
  readonly isSmooth: boolean;
}

/** A picture of a view. */
export interface Scene {
  /** From device pixels, from the upper left corner, to the plane. */
  readonly map: Affine;
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
  readonly images: readonly DrawnImage[];
  readonly display: Display;
}

/** Colors, from 0 to 1, outside all images and of pixels without a value. */
const OUTSIDE = [0.043, 0.055, 0.075] as const;
const NO_VALUE = [0.16, 0.11, 0.29] as const;

/** Limit of the texture memory, bytes. */
const TEXTURE_LIMIT = 256 * 2 ** 20;

/** The browser cannot draw with WebGL2. */
export class NoWebGl2Error extends Error {}

/** What is drawn with once the shaders are compiled. */
interface Program {
  readonly uniforms: Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;
  readonly pool: TexturePool;
  readonly colors: WebGLTexture;
  colormap: string;
}

/**
 * Draws images on a canvas with WebGL2. The shaders are compiled from its construction on, without
 * waiting for them. After a lost graphics context was restored, `onRestored` is called: draw again,
 * and the images are uploaded again.
 */
export class Renderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  /** Undefined while the context is lost. */
  #compiling: WebGLProgram | undefined;
  /** Undefined before the first picture. */
  #program: Program | undefined;
  #picture = 0;

  /** Errors: NoWebGl2Error. */
  constructor(canvas: HTMLCanvasElement, onRestored: () => void) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true });
    if (gl === null) throw new NoWebGl2Error("this browser has no WebGL2");
    this.#canvas = canvas;
    this.#gl = gl;
    this.#compiling = compiling(gl);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.#compiling = undefined;
      this.#program = undefined;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#compiling = compiling(gl);
      onRestored();
    });
  }

  /**
   * Draws a pixel outside the canvas, because graphics drivers finish compiling with the first
   * drawing. Errors: those of draw.
   */
  prepare(display: Display): void {
    const image = { width: 1, height: 1, stored: new Int16Array(1), ...{ zero: 0, scale: 1 } };
    const terms = new Float32Array(10);
    this.draw({
      map: { u0: 0, ux: 1, uy: 0, v0: 0, vx: 0, vy: 1 },
      width: this.#canvas.width,
      height: this.#canvas.height,
      images: [
        {
          image: { ...image, blank: undefined, isExact: true },
          patches: [{ box: { u0: -2, v0: -2, u1: -1, v1: -1 }, x: terms, y: terms }],
          levels: { low: 0, high: 1 },
          isSmooth: false,
        },
      ],
      display,
    });
  }

  /** Errors: an Error when the shaders cannot be used. */
  draw({ map, width, height, images, display }: Scene): void {
    const gl = this.#gl;
    if (this.#compiling === undefined) return;
    this.#program ??= linked(gl, this.#compiling);
    const program = this.#program;
    const { uniforms, pool } = program;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#picture++;
    gl.viewport(0, 0, width, height);
    gl.clearColor(...OUTSIDE, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#setColors(program, display);
    gl.uniform1i(uniforms.stretch, STRETCHES.indexOf(display.stretch));
    gl.uniform1f(uniforms.parameter, STRETCH_PARAMETERS[display.stretch]);
    gl.uniform1i(uniforms.isInverted, display.isInverted ? 1 : 0);
    gl.uniform1f(uniforms.bias, display.bias);
    gl.uniform1f(uniforms.contrast, display.contrast);
    gl.uniform3f(uniforms.noValue, ...NO_VALUE);
    const toView = inverse(map);
    for (const { image, patches, levels, isSmooth } of images) {
      const slot = pool.slotOf(image, this.#picture);
      pool.bind(slot);
      gl.uniform1i(uniforms.isFloat, slot.isFloat ? 1 : 0);
      gl.uniform1i(uniforms.layer, slot.layer);
      gl.uniform2i(uniforms.size, image.width, image.height);
      gl.uniform1i(uniforms.hasBlank, image.blank === undefined ? 0 : 1);
      gl.uniform1i(uniforms.blank, image.blank ?? 0);
      // in double precision, so that large offsets do not cost digits in the shader
      const span = levels.high - levels.low || 1;
      const zero = image.zero + image.scale * slot.zero;
      gl.uniform1f(uniforms.gain, image.scale / span);
      gl.uniform1f(uniforms.offset, (zero - levels.low) / span);
      gl.uniform1i(uniforms.isSmooth, isSmooth ? 1 : 0);
      for (const patch of patches) {
        this.#place(uniforms, patch, { map, toView, width, height });
        gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
      }
    }
  }

  #setColors(program: Program, { colormap }: Display): void {
    if (program.colormap === colormap) return;
    const gl = this.#gl;
    const rgb =
      colormap === "gray"
        ? Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3))
        : colormapTable(colormap);
    gl.activeTexture(gl.TEXTURE0 + UNITS.colors);
    gl.bindTexture(gl.TEXTURE_2D, program.colors);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, rgb);
    program.colormap = colormap;
  }

  #place(
    uniforms: Program["uniforms"],
    { box, x, y }: CubicPatch,
    view: { map: Affine; toView: Affine; width: number; height: number },
  ): void {
    const gl = this.#gl;
    const { map, toView, width, height } = view;
    const corners = cornersOf(box).map(([u, v]) => applied(toView, u, v));
    gl.uniform2fv(
      uniforms.corners,
      corners.flatMap((at) => [(2 * at.u) / width - 1, 1 - (2 * at.v) / height]),
    );
    // gl_FragCoord counts upwards from the lower left corner; pixel centers are at half-integers
    const su = 2 / (box.u1 - box.u0);
    const sv = 2 / (box.v1 - box.v0);
    const bottom = applied(map, 0, height);
    gl.uniform2f(
      uniforms.origin,
      su * (bottom.u - (box.u0 + box.u1) / 2),
      sv * (bottom.v - (box.v0 + box.v1) / 2),
    );
    gl.uniform2f(uniforms.across, su * map.ux, sv * map.vx);
    gl.uniform2f(uniforms.upward, -su * map.uy, -sv * map.vy);
    gl.uniform2fv(
      uniforms.terms,
      Float32Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? x : y)[k >> 1]!),
    );
  }
}

function cornersOf({ u0, v0, u1, v1 }: PlaneBox): readonly (readonly [number, number])[] {
  return [
    [u0, v0],
    [u1, v0],
    [u0, v1],
    [u1, v1],
  ];
}

/** A program whose shaders are being compiled. */
function compiling(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}

/** Waits for a program. Errors: an Error when its shaders do not compile. */
function linked(gl: WebGL2RenderingContext, program: WebGLProgram): Program {
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    const logs = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error(`the shaders cannot be used: ${gl.getProgramInfoLog(program)} ${logs.join(" ")}`);
  }
  gl.useProgram(program);
  const uniforms = Object.fromEntries(
    UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]),
  ) as Program["uniforms"];
  gl.uniform1i(uniforms.integers, UNITS.integers);
  gl.uniform1i(uniforms.floats, UNITS.floats);
  gl.uniform1i(uniforms.colors, UNITS.colors);
  const colors = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + UNITS.colors);
  gl.bindTexture(gl.TEXTURE_2D, colors);
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  }
  return { uniforms, pool: new TexturePool(gl, TEXTURE_LIMIT), colors, colormap: "" };
}
