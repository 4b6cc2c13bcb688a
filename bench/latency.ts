/** Glass to glass in a real browser, from the time code in the picture; the first frame on demand; a warm start of the whole product. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { withRunningSystem } from '../bin/running-system.ts';
import { becomeOwner } from './owner.ts';
import { lookAtPicture, openBrowser, untilMoving } from './picture-probe.ts';
import { percentile, report, say } from './report.ts';

const root = resolve(import.meta.dirname, '..');
const watchSeconds = 60;
const gopSeconds = 2;

export async function benchLatency(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sensorium-latency-'));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const first = await withRunningSystem(
      root,
      async (system) => {
        const owner = await becomeOwner(system.address, system.ownerLink ?? '');
        const base = {
          latitude: 35.44,
          longitude: 139.65,
          kind: 'synthetic' as const,
          options: { scene: 'test' as const, fps: 30, gopSeconds },
        };
        const camera = await owner.addCamera({ ...base, name: 'Always', ingest: 'always' });
        await page.goto(`${system.address}/cameras/${camera.id}`);
        await untilMoving(page, 60_000);
        await page.waitForTimeout(5000);
        say(`watching for ${watchSeconds} s…`);
        const latencies: number[] = [];
        for (const until = Date.now() + watchSeconds * 1000; Date.now() < until; await page.waitForTimeout(100)) {
          const look = await lookAtPicture(page);
          if (look) latencies.push(look.seen - look.captured);
        }
        say(
          `${latencies.length} looks: p50 ${percentile(latencies, 0.5)} ms, p95 ${percentile(latencies, 0.95)} ms, max ${Math.max(...latencies)} ms`,
        );

        const firstFrames: number[] = [];
        for (let round = 1; round <= 5; round += 1) {
          const onDemand = await owner.addCamera({ ...base, name: `On demand ${round}`, ingest: 'onDemand' });
          await page.goto('about:blank');
          const began = Date.now();
          await page.goto(`${system.address}/cameras/${onDemand.id}`, { waitUntil: 'commit' });
          await untilMoving(page, 20_000);
          firstFrames.push(Date.now() - began);
        }
        say(`first frame on demand: ${firstFrames.join(', ')} ms`);
        return { cameraId: camera.id, latencies, firstFrameMs: percentile(firstFrames, 0.5) };
      },
      { dataDir },
    );

    const warm = performance.now();
    const warmStartMs = await withRunningSystem(
      root,
      async (system) => {
        await page.goto(`${system.address}/cameras/${first.cameraId}`, { waitUntil: 'commit' });
        await untilMoving(page, 60_000);
        return performance.now() - warm;
      },
      { dataDir, hasOwner: true },
    );
    say(`warm start to the first moving picture: ${Math.round(warmStartMs)} ms`);
    const llhlsP95Ms = percentile(first.latencies, 0.95);
    report(
      'latency',
      { llhlsP50Ms: percentile(first.latencies, 0.5), llhlsP95Ms, firstFrameMs: first.firstFrameMs, warmStartMs },
      // The physical floor of low-latency HLS with this part target: three parts of hold-back and one being made.
      {
        llhlsToHoldBack: llhlsP95Ms / (0.2 * 3.1 * 1000 + 200),
        firstFrameToGop: first.firstFrameMs / (gopSeconds * 1000),
      },
    );
  } finally {
    await browser.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
