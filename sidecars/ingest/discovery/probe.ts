import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { devicesMax, type DiscoveredDevice } from '#server/contracts/discovery.ts';

import { at, parseXml, textOf, type XmlNode } from './xml.ts';

export interface ProbeOptions {
  /** The group of WS-Discovery; a test calls one device of its own. */
  target: { address: string; port: number };
  listenMs: number;
  /** Whether a literal address lies where the operator allows. */
  isAllowed: (address: string) => boolean;
  signal: AbortSignal;
}

/** UDP gets lost: the call goes out twice (SOAP-over-UDP §4.1). */
const callAgainMs = 500;
/** Stops reading a network that floods us. */
const answersMax = 512;

/** Calls ONVIF devices of the local network and listens for a while (WS-Discovery 1.0 Probe). */
export async function probeDevices(options: ProbeOptions): Promise<DiscoveredDevice[]> {
  const devices = new Map<string, DiscoveredDevice>();
  const messageId = `urn:uuid:${randomUUID()}`;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const failure = new AbortController();
  let answers = 0;
  socket.on('error', (error) => failure.abort(error));
  socket.on('message', (data, from) => {
    answers += 1;
    if (answers > answersMax || devices.size >= devicesMax) return;
    const found = readAnswer({ text: data.toString(), from, messageId, isAllowed: options.isAllowed });
    if (found) devices.set(found.key, found.device);
  });
  const until = AbortSignal.any([options.signal, failure.signal]);
  try {
    await bound(socket);
    await call(socket, probe(messageId), options.target);
    await sleep(Math.min(callAgainMs, options.listenMs), undefined, { signal: until });
    await call(socket, probe(messageId), options.target);
    await sleep(Math.max(0, options.listenMs - callAgainMs), undefined, { signal: until });
  } finally {
    socket.close();
  }
  return [...devices.values()].toSorted((one, other) => one.address.localeCompare(other.address));
}

function bound(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

/** A group is called on every interface; one of them may have no way there, and the others still do. */
async function call(socket: Socket, message: Buffer, target: ProbeOptions['target']): Promise<void> {
  const send = () =>
    new Promise<void>((resolve) => {
      socket.send(message, target.port, target.address, () => resolve());
    });
  if (!isGroup(target.address)) return send();
  const own = Object.values(networkInterfaces())
    .flat()
    .filter((each) => each?.family === 'IPv4' && !each.internal);
  socket.setMulticastTTL(1);
  for (const each of own) {
    try {
      socket.setMulticastInterface(each?.address ?? '0.0.0.0');
    } catch {
      continue; // It went down a moment ago.
    }
    await send();
  }
}

const isGroup = (address: string): boolean => /^2(2[4-9]|3\d)\./.test(address);

function probe(messageId: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>${messageId}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`,
  );
}

/** Null for what is no answer to our call, or comes from where the operator does not allow. */
export function readAnswer(answer: {
  text: string;
  from: Pick<RemoteInfo, 'address'>;
  messageId: string;
  isAllowed: (address: string) => boolean;
}): { key: string; device: DiscoveredDevice } | null {
  const { from, isAllowed } = answer;
  if (!isAllowed(from.address)) return null;
  let envelope: XmlNode;
  try {
    envelope = at(parseXml(answer.text), 'Envelope');
  } catch {
    return null; // Anybody on the network may send us anything.
  }
  const relatesTo = textOf(at(envelope, 'Header', 'RelatesTo'), 200);
  if (relatesTo !== '' && relatesTo !== answer.messageId) return null;
  const match = at(envelope, 'Body', 'ProbeMatches', 'ProbeMatch');
  const scopes = textOf(at(match, 'Scopes'), 8192).split(/\s+/);
  const xaddrs = textOf(at(match, 'XAddrs'), 4096)
    .split(/\s+/)
    .filter((text) => isDeviceAddress(text, isAllowed))
    .slice(0, 8);
  if (xaddrs.length === 0) return null;
  return {
    key: textOf(at(match, 'EndpointReference', 'Address'), 200) || from.address,
    device: {
      address: from.address,
      name: scopeOf(scopes, 'name'),
      hardware: scopeOf(scopes, 'hardware'),
      xaddrs,
    },
  };
}

/** By its number alone: a name could be made to lead elsewhere. */
export function isDeviceAddress(text: string, isAllowed: (address: string) => boolean): boolean {
  const url = text.length <= 500 ? URL.parse(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return false;
  return isAllowed(url.hostname.replaceAll(/^\[|\]$/g, ''));
}

function scopeOf(scopes: readonly string[], kind: string): string {
  const begin = `onvif://www.onvif.org/${kind}/`;
  const scope = scopes.find((each) => each.toLowerCase().startsWith(begin))?.slice(begin.length) ?? '';
  return decoded(scope.replaceAll('_', ' '))
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 120);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A bare %: taken as it stands.
  }
}
