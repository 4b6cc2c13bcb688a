declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What somebody allowed a client. */
  export interface Grant {
    addOIDCScope(scopes: string): void;
    save(): Promise<string>;
  }
  export interface RequestContext {
    oidc: { client: { clientId: string }; session: { accountId: string } };
  }
  export interface Account {
    accountId: string;
    claims: () => Record<string, unknown>;
  }
  interface Configuration {
    clients: { client_id: string; client_secret: string; redirect_uris: string[] }[];
    claims: Record<string, string[]>;
    cookies: { keys: string[] };
    features: { devInteractions: { enabled: boolean } };
    findAccount: (context: RequestContext, subject: string) => Account | undefined;
    interactions: { url: (context: RequestContext, interaction: { uid: string }) => string };
    jwks: { keys: object[] };
    loadExistingGrant: (context: RequestContext) => Promise<Grant>;
    pkce: { required: () => boolean };
    ttl: Record<string, number>;
  }
  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Grant: new (of: { clientId: string; accountId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: { login: { accountId: string } },
    ): Promise<void>;
  }
}
