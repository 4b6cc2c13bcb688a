import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { Provider } from 'oidc-provider';

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

/** What the provider tells of somebody; their key is what it calls them by. */
export interface ProviderPerson {
  name: string;
  email: string;
  email_verified: boolean;
}

export interface OpenIdProvider {
  /** Everybody who has an account there, by subject. A test changes it as it likes. */
  people: Map<string, ProviderPerson>;
  /** The parameters of each authorization request, oldest first. */
  asked: Record<string, string>[];
  close: () => Promise<void>;
}

const signInPage = `<!doctype html><html lang="en"><title>Test provider</title><link rel="icon" href="data:,">
<form method="post"><label>Who are you? <input name="subject" required></label> <button>Continue</button></form></html>`;
const scopes = 'openid email profile';

/** An OpenID Connect provider that believes whoever types a name, and asks nobody what the client may learn. Its protocol is the real one. */
export async function openIdProvider(settings: ProviderSettings): Promise<OpenIdProvider> {
  const people: OpenIdProvider['people'] = new Map();
  const asked: OpenIdProvider['asked'] = [];
  const provider = providerOf(settings, people);
  const protocol = provider.callback();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', settings.issuer);
    if (!url.pathname.startsWith('/sign-in/')) {
      if (url.pathname === '/auth') asked.push(Object.fromEntries(url.searchParams));
      return protocol(request, response);
    }
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(signInPage);
      return;
    }
    const accountId = new URLSearchParams(await text(request)).get('subject') ?? '';
    if (!people.has(accountId)) throw new Error(`the test provider knows nobody called ${accountId}`);
    await provider.interactionFinished(request, response, { login: { accountId } });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const { hostname, port } = new URL(settings.issuer);
  server.listen(Number(port), hostname);
  await once(server, 'listening');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { people, asked, close };
}

function providerOf(settings: ProviderSettings, people: OpenIdProvider['people']): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider: Provider = new Provider(settings.issuer, {
    clients: [
      {
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        redirect_uris: [settings.redirectUri],
      },
    ],
    // Told at the userinfo endpoint alone, as the standard has it by default.
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, subject) => {
      const person = people.get(subject);
      return person && { accountId: subject, claims: () => ({ sub: subject, ...person }) };
    },
    interactions: { url: (_, { uid }) => `/sign-in/${uid}` },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(scopes);
      await grant.save();
      return grant;
    },
    // Without it a client that leaves it out is served as well.
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 60, Session: 600 },
  });
  return provider;
}
