import { createHash, randomBytes } from 'node:crypto';

import { request } from 'undici';

import type { AddressGuard } from '../guard/address-guard.ts';
import { httpAuthorization } from '../guard/http-authorization.ts';
import { httpFault, type Credentials } from '../guard/http-get.ts';
import { SourceError } from '../source.ts';
import { at, escapeXml, parseXml, textOf, type XmlNode } from './xml.ts';

const answerBytesMax = 262_144;

export interface SoapCall {
  url: URL;
  /** The element inside the body, whole. */
  body: string;
  credentials: Credentials | null;
  /** How far the device's clock is from ours: it refuses tokens of another time. */
  clockOffsetMs: number;
  guard: AddressGuard;
  signal: AbortSignal;
}

/** One call of a device's service; returns what stands in the body of its answer. */
export async function callSoap(call: SoapCall): Promise<XmlNode> {
  const text = `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${call.credentials ? usernameToken(call.credentials, call.clockOffsetMs) : ''}</s:Header><s:Body>${call.body}</s:Body></s:Envelope>`;
  const path = `${call.url.pathname}${call.url.search}`;
  let answer = await post(call, text, null);
  if (answer.status === 401 && call.credentials && answer.challenge) {
    const { credentials } = call;
    answer = await post(
      call,
      text,
      httpAuthorization({ credentials, challenge: answer.challenge, path, method: 'POST' }),
    );
  }
  const { status } = answer;
  if (status === 401 || status === 403) throw refused(call.credentials !== null);
  // SOAP says what failed in a body of its own, under 400 or 500.
  const body =
    status === 200 || status === 400 || status === 500 ? at(parseXml(answer.text), 'Envelope', 'Body') : null;
  const fault = at(body, 'Fault');
  if (fault !== undefined) {
    const words = `${textOf(at(fault, 'Code', 'Subcode', 'Value'), 100)} ${textOf(at(fault, 'Reason', 'Text'), 200)}`;
    if (/NotAuthorized|FailedAuthentication|not authorized/i.test(words)) throw refused(call.credentials !== null);
    throw new SourceError('DATA_INVALID', `the device says: ${words.trim()}`, { retry: false });
  }
  if (status !== 200) throw new SourceError('DATA_INVALID', `the device answers ${status}`, { retry: false });
  return body;
}

async function post(
  call: SoapCall,
  text: string,
  authorization: string | null,
): Promise<{ status: number; challenge: string | null; text: string }> {
  try {
    const answer = await request(call.url, {
      method: 'POST',
      dispatcher: await call.guard.agent(),
      signal: call.signal,
      body: text,
      headers: { 'content-type': 'application/soap+xml; charset=utf-8', ...(authorization && { authorization }) },
    });
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer.body) {
      if (!(piece instanceof Uint8Array)) continue;
      size += piece.length;
      if (size > answerBytesMax) {
        throw new SourceError('DATA_INVALID', `the device answers more than ${answerBytesMax} bytes`, { retry: false });
      }
      pieces.push(Buffer.from(piece));
    }
    const challenge = [answer.headers['www-authenticate']].flat().find((each) => /^digest\b/i.test(each ?? '')) ?? null;
    return { status: answer.statusCode, challenge, text: Buffer.concat(pieces).toString() };
  } catch (cause) {
    throw httpFault(cause);
  }
}

/** WS-Security UsernameToken with a digest: the password itself never leaves. */
function usernameToken({ user, password }: Credentials, clockOffsetMs: number): string {
  const nonce = randomBytes(16);
  const created = new Date(Date.now() + clockOffsetMs).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const namespace = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
  return `<Security s:mustUnderstand="1" xmlns="${namespace}-wssecurity-secext-1.0.xsd"><UsernameToken><Username>${escapeXml(user)}</Username><Password Type="${namespace}-username-token-profile-1.0#PasswordDigest">${digest}</Password><Nonce EncodingType="${namespace}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce><Created xmlns="${namespace}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`;
}

function refused(hadCredentials: boolean): SourceError {
  return hadCredentials
    ? new SourceError('AUTH_REFUSED', 'the device refuses this user or password', { retry: false })
    : new SourceError('AUTH_REQUIRED', 'the device wants a user and a password', { retry: false });
}
