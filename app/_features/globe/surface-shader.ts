/**
 * The planet, its air and the dark around it in one pass: each pixel's ray meets the sphere exactly, at any distance,
 * so there is no mesh to be coarse near the ground and the edge is as smooth as the screen allows.
 */
export const surfaceVertex = /* glsl */ `
in vec2 corner;
out vec3 ray;
void main() {
  gl_Position = vec4(corner, 0.0, 1.0);
  vec2 pixel = (corner * 0.5 + 0.5) * resolution - centre;
  ray = vec3(pixel / focal, -1.0) * axes;
}`;

export const surfaceFragment = /* glsl */ `
in vec3 ray;
uniform sampler2D day, lights, earth;
uniform vec3 space;
uniform float isRich, shown;

const float flatLand = 0.659;

float graticule(vec2 degrees, float every, vec2 perPixel) {
  vec2 away = abs(fract(degrees / every + 0.5) - 0.5) * every;
  vec2 line = 1.0 - smoothstep(vec2(0.35), vec2(1.05), away / max(perPixel, vec2(1e-7)) / max(1.0, pixelRatio));
  return max(line.x, line.y);
}

/** A picture of the ground, as far as one pixel of the screen reaches over it: 'reach' is a third of the long way, 0 where it is round. */
vec3 seen(sampler2D picture, vec2 uv, vec2 reach, float level) {
  vec3 middle = textureLod(picture, uv, level).rgb;
  if (reach == vec2(0.0)) return middle;
  return (middle + textureLod(picture, uv - reach, level).rgb + textureLod(picture, uv + reach, level).rgb) / 3.0;
}

void main() {
  vec3 direction = normalize(ray);
  vec3 from = eye();
  float b = dot(from, direction);
  float inside = b * b - eyeBeyond;
  // How far above the ground the ray passes, in radii; below 0 it meets it.
  float height = b < 0.0 ? -inside / (1.0 + sqrt(max(0.0, 1.0 - inside))) : sqrt(1.0 + eyeBeyond) - 1.0;
  float pixel = max(fwidth(height), 1e-9);
  float cover = 1.0 - smoothstep(-0.9 * pixel, 0.3 * pixel, height);

  float distance = b < 0.0 ? eyeBeyond / (sqrt(max(inside, 0.0)) - b) : 0.0;
  vec3 normal = normalize(from + direction * distance);
  float sunlight = dot(normal, sun);
  float lit = smoothstep(-0.10, 0.34, sunlight);
  float eyeHeight = sqrt(1.0 + eyeBeyond) - 1.0;
  // Outside the branch, where the neighbours of each pixel are known too.
  vec3 across = dFdx(normal), along = dFdy(normal);

  vec3 ground = vec3(0.0);
  if (cover > 0.0) {
    vec2 uv = vec2(atan(normal.y, normal.x) / 6.28318530718 + 0.5, 0.5 - asin(clamp(normal.z, -1.0, 1.0)) / 3.14159265359);
    // How far a pixel reaches over the map, from the ground itself: the map jumps at the date line, the ground does not.
    float ring = max(dot(normal.xy, normal.xy), 1e-6);
    vec2 dx = vec2((normal.x * across.y - normal.y * across.x) / (ring * 6.28318530718), -across.z * inversesqrt(ring) / 3.14159265359);
    vec2 dy = vec2((normal.x * along.y - normal.y * along.x) / (ring * 6.28318530718), -along.z * inversesqrt(ring) / 3.14159265359);
    // The pixel is an ellipse there, long towards the planet's edge.
    // Towards the poles the map says less by each texel across than by each one up.
    vec2 texels = vec2(textureSize(day, 0)) * vec2(sqrt(sqrt(ring)), 1.0);
    vec2 tx = dx * texels, ty = dy * texels;
    float sum = dot(tx, tx) + dot(ty, ty);
    float area = abs(tx.x * ty.y - tx.y * ty.x);
    float major = sqrt(0.5 * (sum + sqrt(max(0.0, sum * sum - 4.0 * area * area))));
    float minor = area / max(major, 1e-9);
    vec2 reach = vec2(0.0);
    if (major > 1.0 && major > 1.4 * minor) {
      float bent = tx.x * tx.y + ty.x * ty.y, wide = tx.x * tx.x + ty.x * ty.x, tall = sum - wide;
      vec2 axis = wide > tall ? vec2(major * major - tall, bent) : vec2(bent, major * major - wide);
      reach = axis * (major / 3.0 * inversesqrt(max(dot(axis, axis), 1e-18))) / texels;
    }
    float level = log2(max(max(minor, major / 3.0), 1e-6));

    vec3 photo = seen(day, uv, reach, level);
    float relief = seen(earth, uv, reach, level).r;
    float glow = seen(lights, uv, reach, level).r;
    float land = smoothstep(0.10, 0.46, relief);
    float slope = (relief - flatLand) * land * 2.3 * isRich;

    // By day: the photograph calmed, the sea towards ink, the land cooler and quieter than it is.
    float grey = dot(photo, vec3(0.28, 0.60, 0.12));
    vec3 sea = mix(vec3(0.011, 0.023, 0.049), vec3(0.032, 0.080, 0.158), smoothstep(0.0, 0.18, photo.b));
    vec3 soil = mix(vec3(grey), photo, 0.55) * 1.35;
    soil = soil / (soil + 0.42) * vec3(0.400, 0.428, 0.452) + vec3(0.008, 0.011, 0.015);
    soil *= 1.0 + slope * 0.95;
    vec3 dayside = mix(sea, soil, land);

    // By night: land a breath lighter than the sea, and the lights of people.
    vec3 ink = mix(vec3(0.0034, 0.0058, 0.0112) + photo.b * vec3(0.004, 0.010, 0.022), vec3(0.0098, 0.0122, 0.0172) + grey * 0.016, land);
    ink *= 1.0 + slope * 0.7;
    // A town's glow is a thing of distance: from above its streets there is no orange fog.
    float near = smoothstep(6.0, 9.5, zoom);
    glow *= 1.0 - 0.8 * near;
    float town = pow(glow, 1.7);
    vec3 night = ink + vec3(1.0, 0.60, 0.24) * town * 1.35 + vec3(1.0, 0.86, 0.62) * town * town * 1.2;
    if (isRich > 0.5) {
      float halo = textureLod(lights, uv, level + 3.0).r;
      night += vec3(1.0, 0.50, 0.18) * pow(halo, 1.6) * 0.30 * (1.0 - near);
    }

    // The sun low over the horizon reddens what it still reaches.
    float low = 1.0 - smoothstep(-0.02, 0.30, sunlight);
    vec3 light = mix(vec3(1.0), mix(vec3(0.96, 0.82, 0.74), vec3(1.08, 0.72, 0.48), land), low);
    ground = mix(night, dayside * light, lit);
    float dusk = smoothstep(-0.18, 0.0, sunlight) * (1.0 - smoothstep(0.0, 0.22, sunlight));
    ground += dusk * mix(vec3(0.0066, 0.0036, 0.0034), vec3(0.0150, 0.0074, 0.0042), land);

    // The sun in the sea.
    vec3 half_ = normalize(sun - direction);
    float glint = pow(max(dot(normal, half_), 0.0), 90.0) * (1.0 - land) * smoothstep(0.02, 0.3, sunlight);
    ground += mix(vec3(0.10, 0.075, 0.05), vec3(0.10, 0.115, 0.13), smoothstep(0.1, 0.6, sunlight)) * glint * 0.55;

    // Near the ground the photograph has nothing more to say: it fades into even tones, and a grid tells the place.
    vec3 calm = mix(mix(vec3(0.0038, 0.0058, 0.0105), vec3(0.0082, 0.0116, 0.0180), land),
                    mix(vec3(0.016, 0.034, 0.066), vec3(0.058, 0.068, 0.080), land), lit);
    ground = mix(ground, calm + ground * 0.14, near * 0.9);
    float spacing = zoom < 8.0 ? 10.0 : zoom < 11.0 ? 1.0 : 0.1;
    float grid = smoothstep(5.0, 7.0, zoom);
    if (grid > 0.0) {
      vec2 degrees = vec2(uv.x * 360.0, uv.y * 180.0);
      vec2 perPixel = vec2(length(vec2(dx.x, dy.x)) * 360.0, length(vec2(dx.y, dy.y)) * 180.0);
      ground += grid * graticule(degrees, spacing, perPixel) * vec3(0.010, 0.014, 0.021) * (1.0 - smoothstep(0.04, 0.16, max(perPixel.x, perPixel.y) / spacing));
    }

    // Air between the eye and the ground: thin in the middle, blue towards the edge.
    float edge = 1.0 - max(0.0, -dot(normal, direction));
    float air = pow(edge, 3.6) * smoothstep(0.02, 0.6, eyeHeight);
    vec3 haze = mix(vec3(0.009, 0.020, 0.046), vec3(0.070, 0.150, 0.310), smoothstep(-0.12, 0.42, sunlight));
    haze += vec3(0.085, 0.036, 0.014) * dusk;
    ground = mix(ground, ground * (1.0 - 0.35 * air) + haze, min(1.0, air * 1.15));
    ground *= shown;
  }

  // The air beyond the edge: thin, blue where the sun is, warm where it sets.
  vec3 tangent = normalize(from - direction * b);
  float around = dot(b < 0.0 ? tangent : normal, sun);
  float thickness = mix(0.0022, 0.0125, smoothstep(0.01, 1.2, eyeHeight));
  float above = max(height, 0.0) / thickness;
  float veil = exp(-above * 1.1) * 0.85 + exp(-above * 0.32) * 0.15;
  vec3 sky = mix(vec3(0.011, 0.024, 0.056), vec3(0.115, 0.245, 0.500), smoothstep(-0.22, 0.40, around));
  sky += vec3(0.16, 0.062, 0.020) * smoothstep(-0.26, -0.02, around) * (1.0 - smoothstep(-0.02, 0.26, around)) * 0.55;
  vec3 beyond = space + sky * veil * shown;

  vec3 light = mix(beyond, ground, cover);
  vec3 shade = pow(max(light, 0.0), vec3(1.0 / 2.2));
  // A screen has 256 steps and the night fewer: noise between them hides the bands.
  float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  colour = vec4(shade + (noise - 0.5) / 255.0, 1.0);
}`;
