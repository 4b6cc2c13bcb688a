import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function onPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file)) ?? null;
}

/** A Chromium for the browser tests: the installed one, else Debian's, else Playwright's own. Null leaves the choice to Playwright. */
export async function findBrowser(say: (text: string) => void): Promise<string | null> {
  const installed = onPath();
  if (installed) return installed;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing Chromium from the distribution…');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    const environment = { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore', env: environment });
    const packaged = onPath();
    if (packaged) return packaged;
  }
  say("fetching Playwright's Chromium…");
  execFileSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], { stdio: 'inherit' });
  return null;
}
