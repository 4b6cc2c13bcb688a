import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { at, parseXml, textOf } from './xml.ts';

interface FakeDevice extends AsyncDisposable {
  /** Where it hears the call. */
  target: { address: string; port: number };
  xaddr: string;
  /** Bodies of the calls it took, by name of the operation. */
  calls: string[];
}

interface FakeOptions {
  /** Wants this user and password (WS-UsernameToken with digest); without it, whoever asks is answered. */
  user?: string;
  password?: string;
  /** How far its clock is from ours: tokens more than five minutes off are refused. */
  clockOffsetMs?: number;
  /** Answers the call with this instead; `{xaddr}` and `{relatesTo}` are filled in. */
  matches?: readonly string[];
  streamHost?: string;
  /** Answers every call of its services with this. */
  answer?: { status: number; body: string };
}

const envelope = (header: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><SOAP-ENV:Header>${header}</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** As a camera of an ordinary make answers. */
export const probeMatch = (relatesTo: string, xaddrs: string): string =>
  envelope(
    `<wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action>`,
    `<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:5f5a69c2-e0ae-504f-829b-00afd0fd8c1e</wsa:Address></wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/Gate%20North onvif://www.onvif.org/hardware/IPC-B140 onvif://www.onvif.org/location/</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>`,
  );

const notAuthorized = envelope(
  '',
  '<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">The action requested requires authorization and the sender is not authorized</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>',
);

const profile = (token: string, name: string, encoding: string, width: number, height: number, fps: number): string =>
  `<trt:Profiles token="${token}" fixed="true"><tt:Name>${name}</tt:Name><tt:VideoSourceConfiguration token="v"><tt:Name>v</tt:Name><tt:Bounds x="0" y="0" width="1920" height="1080"/></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="e"><tt:Name>e</tt:Name><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>`;

/** A camera of the local network as ONVIF Profile S describes it: answers the call over UDP, its services over HTTP. */
export async function fakeOnvifDevice(options: FakeOptions = {}): Promise<FakeDevice> {
  const calls: string[] = [];
  const clockOffsetMs = options.clockOffsetMs ?? 0;
  const streamHost = options.streamHost ?? '127.0.0.1:554';
  const web = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { operation, body } = answerOf(Buffer.concat(pieces).toString());
      calls.push(operation);
      const given = options.answer ?? { status: body === notAuthorized ? 400 : 200, body };
      response.writeHead(given.status, { 'content-type': 'application/soap+xml' }).end(given.body);
    });
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const bound = web.address();
  const origin = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  const xaddr = `${origin}/onvif/device_service`;

  function answerOf(text: string): { operation: string; body: string } {
    const whole = at(parseXml(text), 'Envelope');
    const operation = Object.keys(at(whole, 'Body') ?? {})[0] ?? '';
    if (operation === 'GetSystemDateAndTime') return { operation, body: envelope('', clock()) };
    if (options.user !== undefined && !isTokenRight(at(whole, 'Header', 'Security', 'UsernameToken'))) {
      return { operation, body: notAuthorized };
    }
    switch (operation) {
      case 'GetCapabilities':
        return {
          operation,
          body: envelope(
            '',
            `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>${origin}/onvif/media_service</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`,
          ),
        };
      case 'GetProfiles':
        return {
          operation,
          body: envelope(
            '',
            `<trt:GetProfilesResponse>${profile('Profile_1', 'mainStream', 'H264', 1920, 1080, 25)}${profile('Profile_2', 'sub &amp; small', 'JPEG', 640, 360, 12.5)}</trt:GetProfilesResponse>`,
          ),
        };
      case 'GetStreamUri': {
        const token = textOf(at(whole, 'Body', operation, 'ProfileToken'), 100);
        return {
          operation,
          body: envelope(
            '',
            `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://user:leaked@${streamHost}/Streaming/${token}?transportmode=unicast&amp;profile=${token}</tt:Uri><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>`,
          ),
        };
      }
      default:
        return { operation, body: notAuthorized };
    }
  }

  function clock(): string {
    const now = new Date(Date.now() + clockOffsetMs);
    return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
  }

  function isTokenRight(token: unknown): boolean {
    const read = (name: string) => textOf(at(token, name), 200);
    const created = Date.parse(read('Created'));
    if (Math.abs(created - Date.now() - clockOffsetMs) > 300_000) return false;
    const digest = createHash('sha1')
      .update(Buffer.from(read('Nonce'), 'base64'))
      .update(read('Created'))
      .update(options.password ?? '')
      .digest('base64');
    return read('Username') === options.user && read('Password') === digest;
  }

  const ear = createSocket('udp4');
  ear.on('message', (data, from) => {
    const relatesTo = textOf(at(parseXml(data.toString()), 'Envelope', 'Header', 'MessageID'), 200);
    const matches = options.matches ?? [probeMatch('{relatesTo}', '{xaddr} http://[fe80::1]/onvif/device_service')];
    for (const match of matches) {
      ear.send(match.replaceAll('{relatesTo}', relatesTo).replaceAll('{xaddr}', xaddr), from.port, from.address);
    }
  });
  ear.bind(0, '127.0.0.1');
  await once(ear, 'listening');

  return {
    target: { address: '127.0.0.1', port: ear.address().port },
    xaddr,
    calls,
    async [Symbol.asyncDispose]() {
      ear.close();
      web.closeAllConnections();
      web.close();
      await once(web, 'close');
    },
  };
}
