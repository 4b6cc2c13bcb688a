import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Foreign programs that the media tests speak with. What can't be installed is skipped by its tests, with a word. */
const peers = [
  { file: '/usr/bin/ffmpeg', packages: ['ffmpeg'] },
  {
    file: '/usr/lib/x86_64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib',
    packages: ['gir1.2-gst-rtsp-server-1.0', 'python3-gi', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
  },
];

export async function installPeers(say: (text: string) => void): Promise<void> {
  const missing = peers.filter(({ file }) => !existsSync(file)).flatMap(({ packages }) => packages);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`not installed: ${missing.join(', ')}; the tests that need them are skipped`);
    return;
  }
  say(`installing ${missing.join(', ')} for the media tests…`);
  const env = { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
  const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: 'ignore',
    env,
  });
  if (result.status !== 0) say('they could not be installed; the tests that need them are skipped');
}
