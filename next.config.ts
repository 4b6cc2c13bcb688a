import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const withIntl = createNextIntlPlugin('./app/_lib/intl-server.ts');

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Native or worker-loading packages of the in-process API: Node loads them as they stand.
  serverExternalPackages: [
    'pg',
    'pg-boss',
    '@node-rs/argon2',
    'pino',
    '@prisma/client',
    '@prisma/adapter-pg',
    '@resvg/resvg-wasm',
    'wawoff2',
  ],
  // Read by their paths when a preview picture is drawn.
  outputFileTracingIncludes: {
    '/og/*': [
      './node_modules/@resvg/resvg-wasm/index_bg.wasm',
      './node_modules/@fontsource-variable/{ibm-plex-sans,noto-sans-jp}/{package,unicode}.json',
      './node_modules/@fontsource-variable/{ibm-plex-sans,noto-sans-jp}/files/*-wght-normal.woff2',
    ],
  },
  // The globe's pictures and lines have fixed names, and change with a release at most.
  headers: () =>
    Promise.resolve([
      {
        source: '/earth/:file*',
        headers: [{ key: 'cache-control', value: 'public, max-age=86400, stale-while-revalidate=604800' }],
      },
    ]),
  // next-auth then takes its origin from the gateway's forwarded host instead of one fixed address.
  env: { AUTH_TRUST_HOST: 'true' },
  // Types and lint are steps of their own in `npm test`; a build at first start need not repeat them.
  typescript: { ignoreBuildErrors: true },
};

export default withIntl(config);
