import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

const debian = '/usr/bin/chromium';
const chromium = process.env['CHROMIUM_PATH'] ?? (existsSync(debian) ? debian : undefined);

/** Whole paths through a running system: whoever starts it (bin/checks.ts) names its address and its one-time link. */
export default defineConfig({
  testDir: 'app/_e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/browser',
  // One machine, one system, software video: tests side by side would measure each other.
  workers: 1,
  fullyParallel: false,
  // A page drawn by the processor beside twelve encoders is sometimes late. Who passes at the second look only is named at the end.
  retries: 1,
  forbidOnly: true,
  timeout: 90_000,
  globalTimeout: 1_500_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    baseURL: process.env['E2E_BASE_URL'] ?? 'http://localhost:3000',
    locale: 'en-US',
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
    // Writing down every test costs a fifth of its time.
    trace: 'on-first-retry',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        // The globe without a graphics card: WebGL drawn by the processor.
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--autoplay-policy=no-user-gesture-required',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  metadata: { ownerLink: process.env['E2E_OWNER_LINK'] ?? '' },
  projects: [
    { name: 'owner', testMatch: 'owner.setup.e2e.ts' },
    { name: 'pages', testIgnore: 'owner.setup.e2e.ts', dependencies: ['owner'] },
  ],
});
