import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { gstMissing, startGstRtspServer, type GstRtspServer } from '#server/testing/gst-rtsp-server.ts';

import { say } from './report.ts';

/** Ten minutes of 1080p60 H.264 at 6 Mb/s with AAC and a key frame each second: ten seconds encoded once, then repeated without re-encoding. */
function footage(): string {
  const short = join(tmpdir(), 'sensorium-bench-10s.mp4');
  const long = join(tmpdir(), 'sensorium-bench-600s.mp4');
  if (existsSync(long)) return long;
  say('encoding the footage (once, about a minute)…');
  const encode = [
    '-f lavfi -i testsrc2=size=1920x1080:rate=60:duration=10 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=10',
    '-vf noise=alls=20:allf=t -c:v libx264 -preset ultrafast -profile:v baseline -pix_fmt yuv420p -g 60 -keyint_min 60 -sc_threshold 0 -bf 0',
    '-b:v 6M -minrate 6M -maxrate 6M -bufsize 6M -c:a aac -b:a 128k -y',
  ];
  run('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...encode.join(' ').split(' '), short]);
  run('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-stream_loop', '59', '-i', short, '-c', 'copy', '-y', long]);
  return long;
}

function run(command: string, args: string[]): void {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} failed: ${result.error?.message ?? result.stderr}`);
}

/** A foreign RTSP server (GStreamer) that plays the footage at `url`; one shared pipeline without an encoder, however many pull it. */
export async function startPublisher(): Promise<GstRtspServer> {
  const server = await startGstRtspServer({ auth: 'none', file: footage() });
  if (!server) throw new Error(gstMissing);
  return server;
}
