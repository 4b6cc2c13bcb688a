import type { SourceFault } from '#server/contracts/doctor.ts';

import { SourceError } from '../source.ts';
import { describeBase, resolveControl } from './rtsp-address.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import { header, type RtspMessage } from './rtsp-message.ts';
import { readSessionDescription, type DescribedMedia } from './session-description.ts';

/** On-demand cameras start their encoder while they are asked. */
const startMs = 10_000;
/** RFC 2326 §12.37. */
const sessionSecondsDefault = 60;

export interface Described {
  media: DescribedMedia[];
  /** What PLAY, TEARDOWN and keep-alives name. */
  aggregateUri: string;
  base: string;
  /** The keep-alive that changes nothing, if the server knows it. */
  canGetParameter: boolean;
}

/** Asks what there is. `location` where the server sends us elsewhere. */
export async function describe(connection: RtspConnection, uri: string): Promise<Described | { location: string }> {
  const options = await connection.request({ method: 'OPTIONS', uri });
  const canGetParameter = header(options, 'public')?.toUpperCase().includes('GET_PARAMETER') ?? false;
  const reply = await connection.request({
    method: 'DESCRIBE',
    uri,
    headers: { Accept: 'application/sdp' },
    deadlineMs: startMs,
  });
  const location = header(reply, 'location');
  if (isRedirect(reply.status) && location) return { location };
  requireOk(reply, 'DESCRIBE');
  const session = readSessionDescription(reply.body);
  const base = describeBase(uri, header(reply, 'content-base'), header(reply, 'content-location'));
  return { media: session.media, base, aggregateUri: resolveControl(base, session.control), canGetParameter };
}

export interface Channels {
  rtp: number;
  rtcp: number;
}

export interface SetUpMedia extends Channels {
  media: DescribedMedia;
  /** Seconds without a request after which the server ends the session. */
  sessionSeconds: number;
}

/** SETUP of one medium over the connection itself. */
export async function setUp(
  connection: RtspConnection,
  { base }: Described,
  media: DescribedMedia,
  index: number,
): Promise<SetUpMedia> {
  const wanted = { rtp: 2 * index, rtcp: 2 * index + 1 };
  const reply = await connection.request({
    method: 'SETUP',
    uri: resolveControl(base, media.control),
    headers: { Transport: `RTP/AVP/TCP;unicast;interleaved=${wanted.rtp}-${wanted.rtcp}` },
  });
  requireOk(reply, 'SETUP');
  const session = header(reply, 'session') ?? '';
  connection.session = session.split(';')[0]?.trim() || connection.session;
  const channels = readChannels(header(reply, 'transport') ?? '', wanted);
  connection.parser.allowChannel(channels.rtp);
  connection.parser.allowChannel(channels.rtcp);
  const timeout = Number(/;\s*timeout\s*=\s*(\d+)/i.exec(session)?.[1]);
  return { media, ...channels, sessionSeconds: timeout > 0 ? timeout : sessionSecondsDefault };
}

export async function play(connection: RtspConnection, uri: string): Promise<void> {
  const ask = (headers: Record<string, string>) =>
    connection.request({ method: 'PLAY', uri, headers, deadlineMs: startMs });
  const reply = await ask({ Range: 'npt=0.000-' });
  // 457 Invalid Range: live cameras that know no positions.
  requireOk(reply.status === 457 ? await ask({}) : reply, 'PLAY');
}

function readChannels(transport: string, wanted: Channels): Channels {
  if (/RTP\/AVP(\/UDP)?\s*(;|$)/i.test(transport)) throw transportRefused(transport);
  const [, rtp, rtcp] = /interleaved\s*=\s*(\d{1,3})(?:-(\d{1,3}))?/i.exec(transport) ?? [];
  if (rtp === undefined) return wanted;
  const channels = { rtp: Number(rtp), rtcp: Number(rtcp ?? Number(rtp) + 1) };
  if (channels.rtp > 255 || channels.rtcp > 255) throw transportRefused(transport);
  return channels;
}

function transportRefused(transport: string): SourceError {
  return new SourceError('CODEC_UNSUPPORTED', `no RTP over this connection: ${transport.slice(0, 80)}`, {
    retry: false,
  });
}

function isRedirect(status: number | null): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307;
}

interface Refusal {
  code: SourceFault;
  retry: boolean;
}

const refusals = new Map<number, Refusal>([
  [403, { code: 'AUTH_REFUSED', retry: false }],
  [404, { code: 'NOT_FOUND', retry: true }],
  [410, { code: 'NOT_FOUND', retry: false }],
  [415, { code: 'CODEC_UNSUPPORTED', retry: false }],
  [453, { code: 'BUSY', retry: true }],
  [454, { code: 'CLOSED', retry: true }],
  // No TCP: another reader may try UDP.
  [461, { code: 'CODEC_UNSUPPORTED', retry: false }],
  [503, { code: 'BUSY', retry: true }],
]);

function requireOk(reply: RtspMessage, method: string): void {
  const { status } = reply;
  if (status !== null && status >= 200 && status < 300) return;
  const { code, retry } = refusals.get(status ?? 0) ?? { code: 'DATA_INVALID', retry: true };
  throw new SourceError(code, `${method} was answered ${status}`, { retry });
}
