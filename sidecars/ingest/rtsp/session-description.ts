import { parse, parsePayloads, type MediaDescription } from 'sdp-transform';

import { readRtpFormat, type RtpFormat } from '../rtp/rtp-format.ts';
import { SourceError } from '../source.ts';

export interface DescribedMedia {
  control: string | undefined;
  format: RtpFormat;
}

export interface SessionDescription {
  /** `a=control` of the session: what PLAY and TEARDOWN name. */
  control: string | undefined;
  /** The first video, then the first audio if there is one. */
  media: DescribedMedia[];
}

/** Formats that need no rtpmap (RFC 3551 §6). */
const staticFormats = new Map([
  [0, { codec: 'PCMU', rate: 8000 }],
  [8, { codec: 'PCMA', rate: 8000 }],
  [26, { codec: 'JPEG', rate: 90_000 }],
  [33, { codec: 'MP2T', rate: 90_000 }],
]);

/** @throws SourceError NO_VIDEO, or CODEC_UNSUPPORTED when another reader may know what we do not. */
export function readSessionDescription(sdp: string): SessionDescription {
  const session = readSdp(sdp);
  const video = session.media.find((media) => media.type === 'video');
  if (!video) throw new SourceError('NO_VIDEO', 'the session describes no video', { retry: false });
  const media = [readMedia(video, 1)];
  // An ONVIF back channel is listed as audio that the client sends.
  const audios = session.media.filter((one) => one.type === 'audio');
  const audio = audios.find((one) => one.direction !== 'sendonly') ?? audios[0];
  if (audio) media.push(readMedia(audio, 2));
  return { control: text(session.control), media };
}

function readSdp(sdp: string) {
  if (/^(m=|v=0)/m.test(sdp)) return parse(sdp);
  throw new SourceError('DATA_INVALID', 'the reply to DESCRIBE holds no session description', { retry: true });
}

/** The parser makes numbers of what looks like one, whatever its types say: `a=control:1`. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined;
}

function readMedia(media: MediaDescription, trackId: number): DescribedMedia {
  const mappings = parsePayloads(text(media.payloads) ?? '').map((payloadType) => {
    const named = media.rtp.find(({ payload }) => payload === payloadType) ?? staticFormats.get(payloadType);
    const fmtp = media.fmtp.find(({ payload }) => payload === payloadType)?.config;
    const fps = Number(media.framerate);
    return {
      trackId,
      payloadType,
      encoding: named?.codec ?? `payload type ${payloadType}`,
      clockRate: named?.rate ?? (media.type === 'video' ? 90_000 : 8000),
      channels: named && 'encoding' in named ? (named.encoding ?? 1) : 1,
      parameters: readParameters(text(fmtp) ?? ''),
      fps: fps > 0 && fps <= 1000 ? fps : null,
    };
  });
  for (const mapping of mappings) {
    const format = /^RTP\/AVPF?$/i.test(media.protocol) ? readRtpFormat(mapping) : null;
    if (format) return { control: text(media.control), format };
  }
  const names = mappings.map(({ encoding }) => encoding.slice(0, 40)).join(', ');
  throw new SourceError('CODEC_UNSUPPORTED', `${media.type} as ${media.protocol} ${names}`, { retry: false });
}

function readParameters(fmtp: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of fmtp.split(';')) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}
