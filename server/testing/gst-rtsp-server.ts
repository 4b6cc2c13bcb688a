import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface GstRtspServer {
  port: number;
  /** Without credentials. */
  url: string;
  close: () => Promise<void>;
}

const startMs = 15_000;
const script = fileURLToPath(new URL('gst-rtsp-server.py', import.meta.url));

/** A foreign RTSP server that plays `file` once, in real time; null where GStreamer's RTSP server is not installed. */
export async function startGstRtspServer(options: {
  auth: 'none' | 'basic' | 'digest';
  file: string;
  user?: string;
  password?: string;
}): Promise<GstRtspServer | null> {
  const { auth, file, user = 'cam', password = 'p@ss:w/rd' } = options;
  // Debian's Python: the bindings are its packages.
  const child = spawn('/usr/bin/python3', [script, '0', auth, file, user, password], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(3));
  });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-2000);
  });
  const ready = new Promise<number>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, port] = /^ready (\d+)$/.exec(line) ?? [];
      if (port) resolve(Number(port));
    });
  });
  const deadline = new Promise<'late'>((resolve) => {
    setTimeout(() => resolve('late'), startMs).unref();
  });
  const outcome = await Promise.race([ready, deadline, exited.then((code) => ({ code }))]);
  if (typeof outcome === 'number') {
    return {
      port: outcome,
      url: `rtsp://127.0.0.1:${outcome}/cam`,
      close: async () => {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
  child.kill('SIGKILL');
  if (outcome !== 'late' && outcome.code === 3) return null;
  throw new Error(`the GStreamer RTSP server did not start: ${complaint}`);
}

export const gstMissing = 'GStreamer RTSP server is not installed (Debian: python3-gi gir1.2-gst-rtsp-server-1.0)';
