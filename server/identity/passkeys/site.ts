import { isoBase64URL } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

/** Where browsers find the house, as passkeys know it (WebAuthn §5.1.2: a relying party's id is a host, its origins are pages). */
export interface Site {
  rpId: string;
  /** Null: any port of this machine's own `localhost`, which tunnels and containers change. */
  origin: string | null;
  /** Browsers allow passkeys on localhost and over TLS alone. */
  usable: boolean;
}

const clientData = z.object({ origin: z.string() });

export function siteOf(publicUrl: string | null): Site {
  if (publicUrl === null) return { rpId: 'localhost', origin: null, usable: true };
  const { hostname, origin, protocol } = new URL(publicUrl);
  const usable = (protocol === 'https:' && !isAddress(hostname)) || hostname === 'localhost';
  return { rpId: hostname, origin, usable };
}

/** The origin that an answer has to come from. With no public address it is the answer's own, if that is a localhost. */
export function expectedOrigin(site: Site, clientDataJSON: string): string {
  if (site.origin !== null) return site.origin;
  const claimed = originOf(clientDataJSON);
  return claimed !== null && /^https?:\/\/localhost(:\d{1,5})?$/.test(claimed) ? claimed : 'http://localhost';
}

function originOf(clientDataJSON: string): string | null {
  try {
    return clientData.parse(JSON.parse(isoBase64URL.toUTF8String(clientDataJSON))).origin;
  } catch {
    // What is no client data fails in the check that follows.
    return null;
  }
}

/** A relying party's id is a name, never a number. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}
