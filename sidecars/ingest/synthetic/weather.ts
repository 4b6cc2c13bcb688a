import { clamp01, seeded, smoothstep } from './light.ts';

/** The weather of a drawn place: invented, and the same for everybody who looks at the same moment. All 0…1. */
export interface DrawnWeather {
  cloud: number;
  rain: number;
  snow: number;
}

const hourMs = 3_600_000;

/** Smooth noise over hours, 0…1. */
function noise(seed: number, hours: number): number {
  const whole = Math.floor(hours);
  const at = (hour: number) => seeded(seed * 7919 + hour * 104_729)();
  return at(whole) + (at(whole + 1) - at(whole)) * smoothstep(0, 1, hours - whole);
}

/** Fronts come and go over half a day, showers over an hour; it snows where winter is cold enough. */
export function drawnWeather(utcMs: number, latitude: number, longitude: number): DrawnWeather {
  const seed = Math.round((latitude + 90) * 100) * 36_001 + Math.round((longitude + 180) * 100);
  const hours = utcMs / hourMs;
  const front = noise(seed, hours / 9);
  const cloud = clamp01(front * 1.15 - 0.12 + 0.25 * (noise(seed + 1, hours / 2) - 0.5));
  const shower = smoothstep(0.78, 0.98, cloud) * smoothstep(0.35, 0.75, noise(seed + 2, hours));
  // 1 in the middle of winter of its half of the Earth, -1 in the middle of summer.
  const winter = Math.cos((2 * Math.PI * (utcMs / (24 * hourMs) - 15)) / 365.25) * Math.sign(latitude || 1);
  const meanDegrees = 27 - 0.0085 * latitude * latitude - winter * Math.abs(latitude) * 0.22;
  const isCold = meanDegrees < 2;
  return { cloud, rain: isCold ? 0 : shower, snow: isCold ? shower : 0 };
}
