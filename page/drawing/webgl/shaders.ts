/** A quadrilateral of the view, as a strip of two triangles. */
export const VERTEX_SHADER = `#version 300 es
uniform vec2 corners[4];
void main() { gl_Position = vec4(corners[gl_VertexID], 0.0, 1.0); }`;

/**
 * From a fragment to the coordinates of a patch, by two cubic polynomials to a pixel of the image,
 * to its value, through the stretch to a grey level of 0 to 255 (truncated, as in the pictures of
 * /images), through bias and contrast, to a color.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
uniform highp isampler2DArray integers;
uniform highp sampler2DArray floats;
uniform highp sampler2D colors;
uniform bool isFloat;
uniform int layer;
uniform ivec2 size;
uniform bool hasBlank;
uniform int blank;
// brightness 0 to 1 = offset + gain * stored value
uniform float gain, offset;
uniform vec2 origin, across, upward;
// of 1, s, t, s2, st, t2, s3, s2t, st2, t3
uniform vec2 terms[10];
uniform bool isSmooth;
uniform int stretch;
uniform float parameter;
uniform bool isInverted;
uniform float bias, contrast;
uniform vec3 noValue;
out vec4 color;

// less than every value
const float NONE = -3.4e38;
const float LEAST = -3.0e38;

// the value at a pixel
float stored(ivec2 at) {
  if (isFloat) return texelFetch(floats, ivec3(at, layer), 0).r;
  int value = texelFetch(integers, ivec3(at, layer), 0).r;
  return hasBlank && value == blank ? NONE : float(value);
}

float stretched(float x) {
  if (stretch == 1) return sqrt(x);
  if (stretch == 2) return log(parameter * x + 1.0) / log(parameter + 1.0);
  if (stretch == 3) return asinh(x / parameter) / asinh(1.0 / parameter);
  return x;
}

void main() {
  vec2 q = origin + gl_FragCoord.x * across + gl_FragCoord.y * upward;
  float s = q.x, t = q.y;
  vec2 p = terms[0] + s * (terms[1] + s * (terms[3] + s * terms[6]))
    + t * (terms[2] + s * (terms[4] + s * terms[7]) + t * (terms[5] + s * terms[8] + t * terms[9]));
  // with room for rounding: neighboring images must leave no gap
  if (any(lessThan(p, vec2(-0.51))) || any(greaterThan(p, vec2(size) - 0.49))) discard;
  ivec2 last = size - 1;
  float found = NONE;
  if (isSmooth) {
    vec2 low = floor(p), f = p - low;
    ivec2 a = clamp(ivec2(low), ivec2(0), last), b = clamp(ivec2(low) + 1, ivec2(0), last);
    vec4 around = vec4(stored(a), stored(ivec2(b.x, a.y)), stored(ivec2(a.x, b.y)), stored(b));
    if (all(greaterThan(around, vec4(LEAST)))) {
      vec2 rows = mix(around.xz, around.yw, f.x);
      found = mix(rows.x, rows.y, f.y);
    }
  }
  // between pixels of which one has no value, that of the nearest one
  if (found < LEAST) found = stored(clamp(ivec2(floor(p + 0.5)), ivec2(0), last));
  if (found < LEAST) { color = vec4(noValue, 1.0); return; }
  float bright = clamp(offset + gain * found, 0.0, 1.0);
  float grey = floor(min(1.0, stretched(bright)) * 255.0);
  if (isInverted) grey = 255.0 - grey;
  float bar = clamp((grey - 255.0 * bias) * contrast + 127.5, 0.0, 255.0);
  int index = bias == 0.5 && contrast == 1.0 ? int(grey) : int(floor(bar));
  color = vec4(texelFetch(colors, ivec2(index, 0), 0).rgb, 1.0);
}`;

/** Uniforms of the program that are set for every image or every picture. */
export const UNIFORMS = [
  "corners", "integers", "floats", "colors", "isFloat", "layer", "size", "hasBlank", "blank", "gain",
  "offset", "origin", "across", "upward", "terms", "isSmooth", "stretch", "parameter", "isInverted",
  "bias", "contrast", "noValue",
] as const; // biome-ignore format: a list of names
