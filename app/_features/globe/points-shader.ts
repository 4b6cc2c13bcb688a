/** Each state has a shape of its own, as in `app/_ui/state-mark.tsx`: signed distances, drawn smooth at any size. */
export const pointsVertex = /* glsl */ `
in vec3 position, low;
/** The state, the one before, when it changed, when the point came. */
in vec4 life;
uniform float size;
uniform vec3 colours[7];
flat out vec3 paint, paintBefore;
flat out vec2 states;
/** Radius and half the room in CSS pixels, how far the change has come, opacity. */
flat out vec4 about;
/** 0…1 through a beat; below 0 there is none. */
flat out float beat;

float scaleOf(float state) {
  return state < 0.5 ? 1.0 : state < 2.5 ? 0.96 : state < 3.5 ? 0.86 : state < 4.5 ? 0.74 : 1.06;
}

void main() {
  vec3 away = fromEye(position, low);
  float turned = facing(position, away);
  float changing = clamp((now - life.z) / 0.7, 0.0, 1.0);
  float coming = smoothstep(0.0, 0.3, now - life.w);
  float radius = size * 0.5 * mix(scaleOf(life.y), scaleOf(life.x), changing) * (0.6 + 0.4 * coming);
  // At the planet's edge points step back instead of crowding into a line.
  float alpha = smoothstep(0.0, 0.14, turned) * (0.4 + 0.6 * smoothstep(0.0, 0.45, turned)) * coming;
  float phase = fract(now * 0.4 + fract(position.x * 91.7 + position.y * 57.3) * 1.0);
  beat = changing < 1.0 ? changing : life.x < 0.5 && hasPulse > 0.5 ? phase : -1.0;
  float room = (beat >= 0.0 ? radius * 2.2 : radius) + 1.8;
  states = life.xy;
  about = vec4(radius, room, changing, alpha);
  paint = colours[int(life.x)];
  paintBefore = colours[int(life.y)];
  gl_Position = turned > 0.0 ? project(away) : vec4(2.0, 2.0, 0.0, 1.0);
  gl_PointSize = room * 2.0 * pixelRatio;
}`;

export const pointsFragment = /* glsl */ `
flat in vec3 paint, paintBefore;
flat in vec2 states;
flat in vec4 about;
flat in float beat;

float fill(float distance, float soft) { return 1.0 - smoothstep(-soft, soft, distance); }

/** How much of the pixel the mark covers; p in CSS pixels from its middle, y down. */
float mark(float state, vec2 p, float r, float soft) {
  float line = clamp(r * 0.28, 0.75, 1.5);
  float disc = length(p) - r;
  float ring = abs(disc + line * 0.5) - line * 0.5;
  if (state < 0.5) return fill(disc, soft);
  if (state < 1.5) return max(fill(ring, soft), fill(max(disc, p.x), soft));
  if (state < 2.5) {
    float dash = smoothstep(0.14, 0.26, abs(fract(atan(p.y, p.x) / 6.2832 * 7.0) - 0.5));
    return fill(ring - 0.15, soft) * mix(1.0, dash, smoothstep(2.4, 4.0, r));
  }
  if (state < 3.5) return fill(ring, soft);
  if (state < 4.5) return fill(length(p) - max(0.95, r * 0.5), soft);
  if (state < 5.5) {
    float diamond = (abs(p.x) + abs(p.y) - r * 1.12) * 0.7071;
    return max(fill(abs(diamond + line * 0.5) - line * 0.5, soft), 0.3 * fill(diamond, soft));
  }
  float triangle = max(abs(p.x) * 0.866 - p.y * 0.5, p.y) - r * 0.56;
  return fill(triangle, soft);
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * about.y;
  float soft = 0.6 / pixelRatio;
  float r = about.x;
  float cover = mark(states.x, p, r, soft);
  vec3 tone = paint;
  if (about.z < 1.0) {
    cover = mix(mark(states.y, p, r, soft), cover, about.z);
    tone = mix(paintBefore, paint, about.z);
  }
  // A shade around it, so that it is seen over snow and city lights too.
  float reach = states.x > 3.5 && states.x < 4.5 ? max(0.95, r * 0.5) : r;
  float shade = 0.5 * (1.0 - smoothstep(reach - 0.4, reach + 1.7, length(p)));
  float ripple = 0.0;
  if (beat >= 0.0) {
    float wave = mix(r, r * 2.1, beat);
    ripple = (1.0 - smoothstep(0.0, max(0.8, r * 0.22), abs(length(p) - wave))) * (1.0 - beat) * (about.z < 1.0 ? 0.9 : 0.42);
  }
  float ink = max(cover, ripple);
  float a = max(ink, shade * (1.0 - ripple));
  colour = vec4(tone * ink, a) * about.w;
}`;
