import { BitReader, CodecError } from './bit-reader.ts';

/** ISO/IEC 14496-3: AudioSpecificConfig, ADTS and raw_data_block of AAC. */
export interface AacConfig {
  /** AudioSpecificConfig as esds carries it. */
  asc: Buffer;
  objectType: number;
  /** Of the core coder: what tfdt counts in. */
  sampleRate: number;
  samplingIndex: number;
  channels: number;
  channelConfiguration: number;
  /** 1024, or 960 where frameLengthFlag says so. */
  frameSamples: number;
}

const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8];
/** Scale factor bands of a long and a short window by sampling index (§4.5.4). */
const bandsLong = [41, 41, 47, 49, 49, 51, 47, 47, 43, 43, 43, 40, 40];
const bandsShort = [12, 12, 12, 14, 14, 14, 15, 15, 15, 15, 15, 15, 15];
/** 6144 bits a channel is the decoder's input buffer (§4.5.3.1). */
const bytesPerChannelMax = 768;
const adtsHeaderBytes = 7;

export function parseAudioSpecificConfig(asc: Buffer): AacConfig {
  const reader = new BitReader(asc);
  let objectType = readObjectType(reader);
  let samplingIndex = reader.bits(4);
  const sampleRate = samplingIndex === 15 ? reader.bits(24) : sampleRates[samplingIndex];
  if (sampleRate === undefined || sampleRate < 7350 || sampleRate > 96000)
    throw new CodecError('AAC sampling rate is not allowed');
  if (samplingIndex === 15) samplingIndex = nearestIndex(sampleRate);
  const channelConfiguration = reader.bits(4);
  const announcedType = objectType;
  if (objectType === 5 || objectType === 29) {
    // Explicit SBR or PS: the rate above is the core's; the extension's follows.
    if (reader.bits(4) === 15) reader.skip(24);
    objectType = readObjectType(reader);
  }
  if (objectType < 1 || objectType > 4) throw new CodecError(`AAC object type ${announcedType} is not carried`);
  const frameSamples = reader.flag() ? 960 : 1024;
  const channels = channelCounts[channelConfiguration];
  if (channels === undefined || channels === 0)
    throw new CodecError(`AAC channel configuration ${channelConfiguration} is not carried`);
  return { asc, objectType: announcedType, sampleRate, samplingIndex, channels, channelConfiguration, frameSamples };
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === 31 ? 32 + reader.bits(6) : type;
}

function nearestIndex(rate: number): number {
  const index = sampleRates.findIndex((known) => known <= rate);
  return index < 0 ? sampleRates.length - 1 : index;
}

export function isAdts(data: Buffer): boolean {
  return data.length > adtsHeaderBytes && data[0] === 0xff && ((data[1] ?? 0) & 0xf6) === 0xf0;
}

/** AudioSpecificConfig that an ADTS header stands for. */
export function ascOfAdts(data: Buffer): Buffer {
  if (!isAdts(data)) throw new CodecError('not an ADTS frame');
  const third = data[2] ?? 0;
  const type = (third >> 6) + 1;
  const index = (third >> 2) & 15;
  const channels = ((third & 1) << 2) | ((data[3] ?? 0) >> 6);
  return Buffer.from([(type << 3) | (index >> 1), ((index & 1) << 7) | (channels << 3)]);
}

/** Raw data blocks of ADTS frames that stand one behind the other, as views. */
export function splitAdts(data: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < data.length) {
    const rest = data.subarray(at);
    if (!isAdts(rest)) throw new CodecError('ADTS sync lost');
    const length = (((rest[3] ?? 0) & 3) << 11) | ((rest[4] ?? 0) << 3) | ((rest[5] ?? 0) >> 5);
    const header = ((rest[1] ?? 0) & 1) === 0 ? adtsHeaderBytes + 2 : adtsHeaderBytes;
    if (length <= header || length > rest.length) throw new CodecError('ADTS frame is cut short');
    if (((rest[6] ?? 0) & 3) !== 0) throw new CodecError('ADTS frame with several raw data blocks');
    frames.push(rest.subarray(header, length));
    at += length;
  }
  return frames;
}

/**
 * Whether an access unit can be AAC of this configuration: size, first element, window and sections of its first channel.
 * A damaged one stops the video in browsers for good, so it never gets that far.
 */
export function isSoundAac(data: Buffer, config: AacConfig): boolean {
  if (data.length < 2 || data.length > bytesPerChannelMax * config.channels) return false;
  if (config.objectType !== 2 && config.objectType !== 5 && config.objectType !== 29) return true;
  try {
    return hasSoundFirstElement(new BitReader(data), config);
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  }
}

function hasSoundFirstElement(reader: BitReader, config: AacConfig): boolean {
  // Fill and data elements may stand before the first channel; an encoder's first frame may hold nothing else.
  for (let elements = 0; elements < 8; elements += 1) {
    const element = reader.bits(3);
    if (element === 7) return elements > 0;
    if (element === 6) {
      const count = reader.bits(4);
      reader.skip(8 * (count === 15 ? 14 + reader.bits(8) : count));
    } else if (element === 4) {
      reader.skip(4);
      const aligned = reader.flag();
      const count = reader.bits(8);
      const bytes = count === 255 ? 255 + reader.bits(8) : count;
      if (aligned) reader.skip(reader.left % 8);
      reader.skip(8 * bytes);
    } else {
      const expected = config.channelConfiguration === 2 ? 1 : 0;
      return element === expected && hasSoundChannel(reader, config, element === 1);
    }
  }
  return false;
}

function hasSoundChannel(reader: BitReader, config: AacConfig, pair: boolean): boolean {
  reader.skip(4); // element_instance_tag
  const common = pair && reader.flag();
  let window = common ? readWindow(reader, config) : null;
  if (common && window) {
    const mask = reader.bits(2);
    if (mask === 3) return false;
    if (mask === 1) reader.skip(window.groups * window.bands);
  }
  if (common && !window) return false;
  reader.skip(8); // global_gain
  window ??= readWindow(reader, config);
  return window !== null && hasSoundSections(reader, window);
}

interface Window {
  short: boolean;
  bands: number;
  groups: number;
}

function readWindow(reader: BitReader, config: AacConfig): Window | null {
  if (reader.flag()) return null; // ics_reserved_bit
  const short = reader.bits(2) === 2;
  reader.skip(1); // window_shape
  if (!short) {
    const bands = reader.bits(6);
    // Prediction belongs to other object types; its bit is 0 in LC.
    if (bands > (bandsLong[config.samplingIndex] ?? 40) || reader.flag()) return null;
    return { short, bands, groups: 1 };
  }
  const bands = reader.bits(4);
  let groups = 1;
  for (let i = 0; i < 7; i += 1) groups += 1 - reader.bit();
  return bands > (bandsShort[config.samplingIndex] ?? 12) ? null : { short, bands, groups };
}

function hasSoundSections(reader: BitReader, window: Window): boolean {
  const lengthBits = window.short ? 3 : 5;
  const escape = 2 ** lengthBits - 1;
  for (let group = 0; group < window.groups; group += 1) {
    let band = 0;
    while (band < window.bands) {
      if (reader.bits(4) === 12) return false; // reserved code book
      let length = 0;
      let increment = reader.bits(lengthBits);
      while (increment === escape) {
        length += escape;
        if (length > window.bands) return false;
        increment = reader.bits(lengthBits);
      }
      length += increment;
      if (length === 0) return false;
      band += length;
    }
    if (band !== window.bands) return false;
  }
  return true;
}

/** Elements of a raw data block by channel configuration (§1.6.3.5): single, pair, low frequency. */
const layouts = ['', 'S', 'P', 'SP', 'SPS', 'SPP', 'SPPL', 'SPPPL'];
const elementIds = { S: '000', P: '001', L: '011' };
const silentChannel = '0'.repeat(8);
const silentWindow = '0'.repeat(11);
const silentTools = '000';

/** A frame of silence: every channel of the configuration with max_sfb 0. */
export function silentAacFrame(config: Pick<AacConfig, 'channelConfiguration'>): Buffer {
  const tags = { S: 0, P: 0, L: 0 };
  let bits = '';
  for (const element of layouts[config.channelConfiguration] ?? '') {
    if (element !== 'S' && element !== 'P' && element !== 'L') continue;
    bits += elementIds[element] + tags[element].toString(2).padStart(4, '0');
    tags[element] += 1;
    const channel = silentChannel + silentTools;
    // A pair has a common window and no mid/side mask.
    bits += element === 'P' ? `1${silentWindow}00${channel}${channel}` : silentChannel + silentWindow + silentTools;
  }
  bits += '111';
  const bytes = Math.ceil(bits.length / 8);
  return Buffer.from(
    Array.from({ length: bytes }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2)),
  );
}

export function aacCodecString(config: Pick<AacConfig, 'objectType'>): string {
  return `mp4a.40.${config.objectType}`;
}
