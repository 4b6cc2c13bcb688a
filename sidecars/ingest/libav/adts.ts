import { ascOfAdts, isAdts, splitAdts } from '#sidecars/codec/aac.ts';
import { CodecError } from '#sidecars/codec/bit-reader.ts';

const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

export interface AdtsPacket {
  /** AudioSpecificConfig that says the same as the headers. */
  config: Buffer;
  channels: number;
  sampleRate: number;
  frames: Buffer[];
}

/** Takes ADTS frames (ISO/IEC 13818-7 §6.2) out of their headers; null where the bytes are damaged or something else. */
export function readAdts(packet: Buffer): AdtsPacket | null {
  try {
    if (!isAdts(packet)) return null;
    const frames = splitAdts(packet);
    const config = ascOfAdts(packet);
    const sampleRate = sampleRates[((config[0] ?? 0) & 7) * 2 + ((config[1] ?? 0) >> 7)];
    const channelConfig = ((config[1] ?? 0) >> 3) & 15;
    if (sampleRate === undefined || frames.length === 0) return null;
    return { config, channels: channelConfig === 7 ? 8 : channelConfig || 2, sampleRate, frames };
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

/** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) of a plain AAC track; null for a rate that ADTS can't say. */
export function adtsConfig(options: { objectType: number; sampleRate: number; channelConfig: number }): Buffer | null {
  const rateIndex = sampleRates.indexOf(options.sampleRate);
  if (rateIndex === -1) return null;
  return Buffer.from([
    (options.objectType << 3) | (rateIndex >> 1),
    ((rateIndex & 1) << 7) | (options.channelConfig << 3),
  ]);
}
