import { fileURLToPath } from 'node:url';

import { defineConfig } from 'prisma/config';

// No engine download: the CLI talks to our stand-in, which is backed by the WASM build of the same engine.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(new URL('./prisma/schema-engine.mjs', import.meta.url));

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations', seed: 'node prisma/seed.ts' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5432/sensorium' },
});
