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
uniform float px[10], py[10];
uniform bool isSmooth;
uniform int stretch;
uniform float parameter;
uniform bool isInverted;
uniform float bias, contrast;
uniform vec3 noValue;
out vec4 color;

// brightness, and 1 if there is a value
vec2 brightness(ivec2 at) {
  if (isFloat) {
    float stored = texelFetch(floats, ivec3(at, layer), 0).r;
    return stored < -3.0e38 ? vec2(0.0) : vec2(offset + gain * stored, 1.0);
  }
  int stored = texelFetch(integers, ivec3(at, layer), 0).r;
  return hasBlank && stored == blank ? vec2(0.0) : vec2(offset + gain * float(stored), 1.0);
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
  float terms[10] = float[10](1.0, s, t, s*s, s*t, t*t, s*s*s, s*s*t, s*t*t, t*t*t);
  vec2 p = vec2(0.0);
  for (int k = 0; k < 10; k++) p += terms[k] * vec2(px[k], py[k]);
  // with room for rounding: neighboring images must leave no gap
  if (any(lessThan(p, vec2(-0.51))) || any(greaterThan(p, vec2(size) - 0.49))) discard;
  ivec2 last = size - 1;
  ivec2 near = clamp(ivec2(floor(p + 0.5)), ivec2(0), last);
  vec2 found = brightness(near);
  if (isSmooth) {
    ivec2 low = ivec2(floor(p));
    vec2 f = p - floor(p);
    ivec2 a = clamp(low, ivec2(0), last), b = clamp(low + 1, ivec2(0), last);
    vec2 v00 = brightness(a), v10 = brightness(ivec2(b.x, a.y));
    vec2 v01 = brightness(ivec2(a.x, b.y)), v11 = brightness(b);
    if (v00.y * v10.y * v01.y * v11.y > 0.0)
      found.x = mix(mix(v00.x, v10.x, f.x), mix(v01.x, v11.x, f.x), f.y);
  }
  if (found.y == 0.0) { color = vec4(noValue, 1.0); return; }
  float grey = floor(min(1.0, stretched(clamp(found.x, 0.0, 1.0))) * 255.0);
  if (isInverted) grey = 255.0 - grey;
  float bar = clamp((grey - 255.0 * bias) * contrast + 127.5, 0.0, 255.0);
  int index = bias == 0.5 && contrast == 1.0 ? int(grey) : int(floor(bar));
  color = vec4(texelFetch(colors, ivec2(index, 0), 0).rgb, 1.0);
}`;

/** Uniforms of the program that are set for every image or every picture. */
export const UNIFORMS = [
  "corners", "integers", "floats", "colors", "isFloat", "layer", "size", "hasBlank", "blank", "gain",
  "offset", "origin", "across", "upward", "px", "py", "isSmooth", "stretch", "parameter", "isInverted",
  "bias", "contrast", "noValue",
] as const; // biome-ignore format: a list of names
