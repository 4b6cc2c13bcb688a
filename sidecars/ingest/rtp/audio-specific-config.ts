const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];
const spectralBandReplication = 5;
const parametricStereo = 29;

export interface AudioSpecificConfig {
  /** Of the core coder: what `samplesPerUnit` counts. */
  sampleRate: number;
  /** After band replication, where the config tells of it. */
  outputSampleRate: number;
  /** 0 when the config describes the channels in an element of its own. */
  channels: number;
  samplesPerUnit: 960 | 1024;
}

/** The first fields of an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1); null when it is none or not AAC. */
export function readAudioSpecificConfig(config: Buffer): AudioSpecificConfig | null {
  let bit = 0;
  const read = (count: number) => {
    let value = 0;
    for (const end = bit + count; bit < end; bit += 1) {
      value = (value << 1) | (((config[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
    return value;
  };
  const readRate = () => {
    const index = read(4);
    return index === 15 ? read(24) : (sampleRates[index] ?? 0);
  };
  if (config.length < 2) return null;
  let objectType = read(5);
  const sampleRate = readRate();
  const channels = read(4);
  let outputSampleRate = sampleRate;
  if (objectType === spectralBandReplication || objectType === parametricStereo) {
    outputSampleRate = readRate();
    objectType = read(5);
  }
  // Main, LC, SSR, LTP: what "AAC" means in RFC 3640. Others have other unit lengths.
  if (objectType < 1 || objectType > 4 || sampleRate === 0 || outputSampleRate === 0) return null;
  const isShort = read(1) === 1;
  return {
    sampleRate,
    outputSampleRate,
    channels: channels === 7 ? 8 : channels,
    samplesPerUnit: isShort ? 960 : 1024,
  };
}
