import type { SunPosition } from './sun.ts';
import type { DrawnWeather } from './weather.ts';

export type Rgb = readonly [number, number, number];

/** The light of a moment: what every scene paints by. */
export interface Light {
  sun: SunPosition;
  weather: DrawnWeather;
  /** 0 by night, 1 by day. */
  day: number;
  /** 0 by day, 1 by night: lamps and stars. */
  night: number;
  /** 1 with the sun at the horizon. */
  dusk: number;
  skyTop: Rgb;
  skyHorizon: Rgb;
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

export function smoothstep(from: number, to: number, value: number): number {
  const share = clamp01((value - from) / (to - from));
  return share * share * (3 - 2 * share);
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

export function lightOf(sun: SunPosition, weather: DrawnWeather): Light {
  const grey = weather.cloud * weather.cloud;
  const clear = smoothstep(-7, 8, sun.altitude);
  const night = 1 - smoothstep(-13, -3, sun.altitude);
  const day = clear * (1 - 0.3 * grey);
  const dusk = Math.exp(-(((sun.altitude + 1) / 6) ** 2)) * (1 - 0.7 * grey);
  const overcast: Rgb = mix([14, 17, 28], [150, 162, 176], clear);
  const skyTop = mix(mix(mix([7, 11, 30], [52, 112, 190], clear), [70, 60, 120], dusk * 0.55), overcast, grey * 0.8);
  const skyHorizon = mix(
    mix(mix([24, 30, 54], [186, 212, 232], clear), [252, 150, 88], dusk * 0.85),
    overcast,
    grey * 0.7,
  );
  return { sun, weather, day, night, dusk, skyTop, skyHorizon };
}

/** A colour as it looks in this light; `glow` is what it shines by itself at night. */
export function lit(light: Light, colour: Rgb, glow = 0): Rgb {
  const level = 0.14 + 0.86 * light.day;
  const warm: Rgb = [
    colour[0] * level * (1 + 0.18 * light.dusk),
    colour[1] * level * (1 - 0.04 * light.dusk),
    colour[2] * level * (1 - 0.16 * light.dusk) + 6 * light.night,
  ];
  return glow === 0 ? warm : mix(warm, colour, glow * light.night);
}

/** The same numbers each time: a scene's trees stand where they stood. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
