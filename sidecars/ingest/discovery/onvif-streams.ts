import { onvifStreamsMax, type OnvifQuestion, type OnvifStream } from '#server/contracts/discovery.ts';

import type { AddressGuard } from '../guard/address-guard.ts';
import { SourceError } from '../source.ts';
import { isDeviceAddress } from './probe.ts';
import { callSoap, type SoapCall } from './soap.ts';
import { at, childrenOf, escapeXml, numberOf, textOf, type XmlNode } from './xml.ts';

const device = 'http://www.onvif.org/ver10/device/wsdl';
const media = 'http://www.onvif.org/ver10/media/wsdl';
const schema = 'http://www.onvif.org/ver10/schema';

interface Options {
  guard: AddressGuard;
  isAllowed: (address: string) => boolean;
  signal: AbortSignal;
}

/** Asks a device for its profiles and where each is streamed (ONVIF Media service, ver10). */
export async function readOnvifStreams(question: OnvifQuestion, options: Options): Promise<OnvifStream[]> {
  const { guard, isAllowed, signal } = options;
  if (!isDeviceAddress(question.xaddr, isAllowed)) {
    throw new SourceError('ADDRESS_FORBIDDEN', 'the device is outside the ranges that the operator allows', {
      retry: false,
    });
  }
  const url = new URL(question.xaddr);
  const { user, password } = question;
  const credentials = user === '' && password === '' ? null : { user, password };
  const base = { credentials, guard, signal, clockOffsetMs: 0 };
  const clockOffsetMs = await clockOffset({
    ...base,
    url,
    credentials: null,
    body: `<GetSystemDateAndTime xmlns="${device}"/>`,
  });
  const ask = (service: URL, body: string) => callSoap({ ...base, clockOffsetMs, url: service, body });

  const capabilities = await ask(
    url,
    `<GetCapabilities xmlns="${device}"><Category>Media</Category></GetCapabilities>`,
  );
  const mediaUrl = serviceAddress(
    textOf(at(capabilities, 'GetCapabilitiesResponse', 'Capabilities', 'Media', 'XAddr'), 500),
    url,
    isAllowed,
  );
  const profiles = childrenOf(
    at(await ask(mediaUrl, `<GetProfiles xmlns="${media}"/>`), 'GetProfilesResponse'),
    'Profiles',
  ).slice(0, onvifStreamsMax);
  const streams: OnvifStream[] = [];
  for (const profile of profiles) {
    const token = textOf(at(profile, '@token'), 100);
    if (token === '') continue;
    const answer = await ask(
      mediaUrl,
      `<GetStreamUri xmlns="${media}"><StreamSetup><Stream xmlns="${schema}">RTP-Unicast</Stream><Transport xmlns="${schema}"><Protocol>RTSP</Protocol></Transport></StreamSetup><ProfileToken>${escapeXml(token)}</ProfileToken></GetStreamUri>`,
    );
    const address = streamAddress(textOf(at(answer, 'GetStreamUriResponse', 'MediaUri', 'Uri'), 2048), isAllowed);
    if (address !== null) streams.push(describe(profile, token, address));
  }
  return streams;
}

/** Devices with a wrong clock refuse tokens that are right: they are told their own time. */
async function clockOffset(call: SoapCall): Promise<number> {
  const answer = await callSoap(call).catch((error: unknown) => {
    // Some want a password even for this; then the clocks must agree.
    if (error instanceof SourceError && ['AUTH_REQUIRED', 'DATA_INVALID'].includes(error.code)) return null;
    throw error;
  });
  const utc = at(answer, 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime');
  const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => numberOf(at(utc, 'Date', name)));
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((name) => numberOf(at(utc, 'Time', name)));
  if (year === null || year === undefined) return 0;
  const theirs = Date.UTC(year, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  return Number.isFinite(theirs) ? theirs - Date.now() : 0;
}

/** Where the service is; a device behind another address than it thinks is asked where it answered. */
function serviceAddress(text: string, known: URL, isAllowed: (address: string) => boolean): URL {
  const given = URL.parse(text);
  if (!given) return known;
  if (isDeviceAddress(given.href, isAllowed)) return given;
  return new URL(`${given.pathname}${given.search}`, known);
}

/** Without user and password; null where it leads out of the allowed ranges. */
function streamAddress(text: string, isAllowed: (address: string) => boolean): string | null {
  const url = URL.parse(text);
  if (!url || !['rtsp:', 'rtsps:'].includes(url.protocol)) return null;
  if (!isAllowed(url.hostname.replaceAll(/^\[|\]$/g, ''))) return null;
  url.username = '';
  url.password = '';
  return url.href;
}

function describe(profile: XmlNode, token: string, address: string): OnvifStream {
  const encoder = at(profile, 'VideoEncoderConfiguration');
  const whole = (node: XmlNode) => {
    const value = numberOf(node);
    return value === null ? null : Math.round(value);
  };
  return {
    profile: textOf(at(profile, 'Name'), 120) || token,
    address,
    codec: textOf(at(encoder, 'Encoding'), 40) || null,
    width: whole(at(encoder, 'Resolution', 'Width')),
    height: whole(at(encoder, 'Resolution', 'Height')),
    fps: numberOf(at(encoder, 'RateControl', 'FrameRateLimit')),
  };
}
