import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

export interface Played {
  code: number | null;
  /** What it complained of, at the level of errors. */
  errors: string[];
  videoFrames: number;
  audioSeconds: number;
}

/** Debian's FFmpeg decodes everything the address gives, `seconds` of it at most. */
export async function playWithFfmpeg(url: string, options: { seconds?: number; msMax?: number } = {}): Promise<Played> {
  const { seconds, msMax = 60_000 } = options;
  const limit = seconds === undefined ? [] : ['-t', String(seconds)];
  const common = ['-v', 'level+error', '-nostdin', '-i', url, ...limit];
  const player = spawn('ffmpeg', [...common, '-stats_period', '60', '-f', 'null', '-', '-progress', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: msMax,
    killSignal: 'SIGKILL',
  });
  let said = '';
  let progress = '';
  player.stderr.on('data', (data: Buffer) => (said += data.toString()));
  player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
  await once(player, 'close');
  const last = (name: string) => Number([...progress.matchAll(new RegExp(`${name}=\\s*(\\d+)`, 'g'))].at(-1)?.[1] ?? 0);
  return {
    code: player.exitCode,
    errors: said.split('\n').filter((line) => line !== ''),
    videoFrames: last('frame'),
    audioSeconds: last('out_time_us') / 1e6,
  };
}
