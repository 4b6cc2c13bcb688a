import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const secret = z.string().min(16);

/** `10.0.0.0/8, fd00::/8`: whether each is a range is checked where it is used. */
const cidrList = z.string().transform((text) =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** Every setting of the server processes; `.env.example` says the same to people. */
const serverEnv = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** The public port. */
  PORT: port.default(3000),
  /** The public port as the processes beside the gateway know it; set by the supervisor. */
  PUBLIC_PORT: port.optional(),
  /** Where the public port is bound; left out: all addresses. */
  HOST: z.string().optional(),
  /** The internal door for sidecars and metrics, loopback only. */
  INTERNAL_PORT: port.default(3901),
  /** Where the pages are answered; inside. */
  WEB_URL: z.url({ protocol: /^http$/ }).default('http://127.0.0.1:3902'),
  DATA_DIR: z.string().min(1).default('./data'),
  /** An operator's own server, or the embedded one: then the supervisor passes its address on. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Seals camera addresses. This secret and the next two are made by the supervisor at the first start, in DATA_DIR/secrets. */
  SENSORIUM_KEY: secret,
  /** Opens the internal door and signs lease tokens. */
  INTERNAL_SECRET: secret,
  /** Signs the browser's session cookie. */
  NEXTAUTH_SECRET: secret,
  /** The address people type, where a proxy stands in front. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Private ranges that sources may be read from, `192.168.0.0/16, fd00::/8`. */
  ALLOWED_SOURCE_CIDRS: cidrList.default([]),
  /** Single pictures that are taken of cameras which nobody watches, so that their state is measured; 0: none. */
  LOOKS_PER_MINUTE: z.coerce.number().min(0).max(6000).default(60),
  /** What they may cost on the network together. */
  LOOK_BYTES_PER_SECOND: z.coerce.number().int().min(1024).max(1_000_000_000).default(524_288),
  /** Mail leaves by it, `smtps://user:password@mail.example.org`; left out: mail is kept in the outbox page. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().max(320).default('Sensorium <no-reply@localhost>'),
  /** An OpenID Connect provider people may sign in by; the first three go together. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().max(40).default('OpenID Connect'),
  /** Private ranges that webhooks may be sent to. */
  ALLOWED_WEBHOOK_CIDRS: cidrList.default([]),
  /** Counts of rate limits are shared there by several gateways. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Multiplies every limit of requests (server/platform/limits.ts). */
  RATE_LIMIT_FACTOR: z.coerce.number().min(0.01).max(10_000).default(1),
  /** How long an access token of `/api/v1/auth/login` lasts. */
  ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(60).max(86_400).default(28_800),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  /** Proxies in front of us that add X-Forwarded-For: the count of hops to believe. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
});
export type ServerEnv = z.infer<typeof serverEnv>;

/** Parses settings; an empty value counts as left out. A wrong one is named, its value is not shown. */
export function parseEnv(source: Record<string, string | undefined>): ServerEnv {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = serverEnv.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`settings can't be used: ${faults.join('; ')}`);
  }
  if ((parsed.data.TLS_CERT === undefined) !== (parsed.data.TLS_KEY === undefined)) {
    throw new Error("settings can't be used: TLS_CERT and TLS_KEY are given together or not at all");
  }
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = parsed.data;
  const oidc = [OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET].filter((value) => value !== undefined).length;
  if (oidc !== 0 && oidc !== 3) {
    throw new Error(
      "settings can't be used: OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are given together or not at all",
    );
  }
  return parsed.data;
}

/** The settings of this process; called once, by its main. */
export function readServerEnv(): ServerEnv {
  return parseEnv(process.env);
}
