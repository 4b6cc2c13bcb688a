import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

import {
  fakeAudioConfig,
  fakeFps,
  fakeSampleRate,
  frameNumberNal,
  loadFakeClip,
  loadFakeSound,
  type FakeClip,
} from './fake-clip.ts';
import { packetizeAac, packetizeH264, writeBye, writeRtp, writeSenderReport } from './fake-rtp.ts';
import type { FakeAuth } from './fake-rtsp-auth.ts';
import { FakeRtspClient, type FakeReply, type FakeRequest } from './fake-rtsp-client.ts';

export interface FakeRtspOptions {
  /** 0 or left out: a free one. */
  port?: number;
  auth?: FakeAuth;
  /** AAC beside the picture; true unless said. */
  audio?: boolean;
  /** Leave SPS and PPS out of the stream: they stand in the description only. */
  outOfBand?: boolean;
  senderReports?: boolean;
  /** Added to the wall clock of sender reports: a camera whose clock is wrong. */
  clockOffsetMs?: number;
  /** First RTP time stamp of both tracks; random unless said. */
  rtpStart?: number;
  sessionSeconds?: number;
  /** Serve rtsps with this certificate. */
  tls?: { key: string; cert: string };
  /** Answers in the server's place where it gives something; `null` leaves the request without an answer. */
  respond?: (request: FakeRequest) => FakeReply | null | undefined;
}

const frameMs = 1000 / fakeFps;
const payloadTypes = { video: 96, audio: 97 };

/**
 * A camera: 320×180 H.264 at 25 fps, key frame each second, AAC 48 kHz mono, over interleaved TCP, from the moment it
 * starts and whether or not somebody watches. Each frame carries its number (`readFrameNumbers` of fake-clip.ts).
 */
export async function startFakeRtspServer(options: FakeRtspOptions = {}): Promise<FakeRtspServer> {
  const server = new FakeRtspServer(options);
  await server.listen();
  return server;
}

export class FakeRtspServer {
  port: number;
  /** All requests so far, of all clients. */
  readonly requests: FakeRequest[] = [];
  /** The number of the next frame. */
  frame = 0;
  private readonly options: FakeRtspOptions;
  private readonly clips = { wide: loadFakeClip(320, 180), small: loadFakeClip(192, 144) };
  private readonly sound = loadFakeSound();
  private clip: FakeClip = this.clips.wide;
  private clipFrame = 0;
  private wantedClip: FakeClip = this.clips.wide;
  private server: net.Server | null = null;
  private readonly clients = new Set<FakeRtspClient>();
  private readonly startedAtMs = performance.now();
  private readonly startedUtcMs = Date.now();
  private readonly ssrcs = { video: randomInt(2 ** 32), audio: randomInt(2 ** 32) };
  private readonly rtpStart: number;
  private readonly sequences = { video: randomInt(2 ** 16), audio: randomInt(2 ** 16) };
  private soundUnit = 0;
  private packetsToLose = 0;
  private isStalled = false;
  private isMuted = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: FakeRtspOptions) {
    this.options = options;
    this.port = options.port ?? 0;
    this.rtpStart = options.rtpStart ?? randomInt(2 ** 32);
  }

  /** With the credentials that it wants. */
  get url(): string {
    const { auth } = this.options;
    const user = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@` : '';
    return `${this.options.tls ? 'rtsps' : 'rtsp'}://${user}127.0.0.1:${this.port}/cam`;
  }

  /** Connections that are open, playing or not. */
  get connections(): number {
    return this.clients.size;
  }

  /** Receiver reports that came over the open connections. */
  get receiverReports(): number {
    return [...this.clients].reduce((sum, client) => sum + client.reports, 0);
  }

  /** When the frame was taken, as sender reports tell it. */
  utcMsOf(frame: number): number {
    return this.startedUtcMs + frame * frameMs + (this.options.clockOffsetMs ?? 0);
  }

  /** Again on the same port after `kill`. */
  async listen(): Promise<void> {
    const server = this.options.tls ? tls.createServer(this.options.tls) : net.createServer();
    server.on(this.options.tls ? 'secureConnection' : 'connection', (socket: net.Socket) => this.welcome(socket));
    server.on('tlsClientError', (_error: Error, socket: net.Socket) => socket.destroy());
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    const address = server.address();
    if (address && typeof address === 'object') this.port = address.port;
    if (!this.timer) this.tick();
  }

  /** The connection stays and nothing comes: frames go by unsent, as in a camera that hangs. */
  stall(): void {
    this.isStalled = true;
  }

  resume(): void {
    this.isStalled = false;
  }

  /** Noise between two packets. */
  garbage(bytes = 1000): void {
    for (const client of this.clients) client.write(randomBytes(bytes));
  }

  /** The next `count` video packets get a sequence number and are not sent. */
  losePackets(count: number): void {
    this.packetsToLose += count;
  }

  /** From the next key frame on in the other size, 192×144 or 320×180 again. */
  changePicture(): void {
    this.wantedClip = this.wantedClip === this.clips.wide ? this.clips.small : this.clips.wide;
  }

  muteAudio(): void {
    this.isMuted = true;
  }

  unmuteAudio(): void {
    this.isMuted = false;
  }

  /** RTCP BYE on both tracks. */
  sayGoodbye(): void {
    for (const track of ['video', 'audio'] as const) this.send(track, 'rtcp', writeBye(this.ssrcs[track]));
  }

  /** Drops all connections; new ones are welcome. */
  disconnect(): void {
    for (const client of this.clients) client.destroy();
  }

  /** Drops all connections and refuses new ones until `listen`. */
  async kill(): Promise<void> {
    this.disconnect();
    const { server } = this;
    this.server = null;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.kill();
  }

  private welcome(socket: net.Socket): void {
    const client = new FakeRtspClient({
      socket,
      auth: this.options.auth,
      sessionSeconds: this.options.sessionSeconds ?? 60,
      respond: this.options.respond,
      describe: () => this.describe(),
      onRequest: (request) => this.requests.push(request),
    });
    this.clients.add(client);
    socket.once('close', () => this.clients.delete(client));
  }

  private describe(): string {
    const parameters = (this.clip.pictures[0] ?? []).filter((nal) => [7, 8].includes((nal[0] ?? 0) & 31));
    const sprop = parameters.map((nal) => nal.toString('base64')).join(',');
    const lines = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=fake camera',
      'c=IN IP4 0.0.0.0',
      't=0 0',
      'a=control:*',
      `m=video 0 RTP/AVP ${payloadTypes.video}`,
      `a=rtpmap:${payloadTypes.video} H264/90000`,
      `a=fmtp:${payloadTypes.video} packetization-mode=1; sprop-parameter-sets=${sprop}`,
      `a=framerate:${fakeFps}`,
      'a=control:video',
    ];
    if (this.options.audio ?? true) {
      lines.push(
        `m=audio 0 RTP/AVP ${payloadTypes.audio}`,
        `a=rtpmap:${payloadTypes.audio} mpeg4-generic/${fakeSampleRate}/1`,
        `a=fmtp:${payloadTypes.audio} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;` +
          `indexdeltalength=3;config=${fakeAudioConfig}`,
        'a=control:audio',
      );
    }
    return `${lines.join('\r\n')}\r\n`;
  }

  /** Frames are due by the clock, so a late timer does not slow the camera down. */
  private tick(): void {
    const nowMs = performance.now() - this.startedAtMs;
    while (this.frame * frameMs <= nowMs) this.sendFrame();
    const dueMs = this.frame * frameMs - (performance.now() - this.startedAtMs);
    this.timer = setTimeout(() => this.tick(), Math.max(1, dueMs));
  }

  private sendFrame(): void {
    const { frame, clip } = this;
    const isSecond = frame % fakeFps === 0;
    if (isSecond) {
      this.clip = this.wantedClip;
      if (clip !== this.clip) this.clipFrame = 0;
    }
    const videoTicks = this.rtpStart + frame * (90_000 / fakeFps);
    const soundTicks = this.rtpStart + Math.floor((frame * fakeSampleRate) / fakeFps);
    if (isSecond && (this.options.senderReports ?? true)) {
      const utcMs = this.utcMsOf(frame);
      this.send('video', 'rtcp', writeSenderReport({ ssrc: this.ssrcs.video, utcMs, timestamp: videoTicks }));
      this.send('audio', 'rtcp', writeSenderReport({ ssrc: this.ssrcs.audio, utcMs, timestamp: soundTicks }));
    }
    const picture = this.clip.pictures[this.clipFrame % this.clip.pictures.length] ?? [];
    const nals = this.options.outOfBand ? picture.filter((nal) => ![7, 8].includes((nal[0] ?? 0) & 31)) : picture;
    const payloads = packetizeH264([frameNumberNal(frame), ...nals]);
    for (const [index, payload] of payloads.entries()) {
      this.sendMedia('video', videoTicks, index === payloads.length - 1, payload);
    }
    for (; this.soundUnit * 1024 <= soundTicks - this.rtpStart; this.soundUnit += 1) {
      const unit = this.sound[this.soundUnit % this.sound.length] ?? Buffer.alloc(0);
      if (!this.isMuted) this.sendMedia('audio', this.rtpStart + this.soundUnit * 1024, true, packetizeAac([unit]));
    }
    this.frame += 1;
    this.clipFrame += 1;
  }

  private sendMedia(track: 'video' | 'audio', timestamp: number, marker: boolean, payload: Buffer): void {
    if (this.isStalled) return;
    this.sequences[track] += 1;
    if (track === 'video' && this.packetsToLose > 0) {
      this.packetsToLose -= 1;
      return;
    }
    const fields = { payloadType: payloadTypes[track], sequence: this.sequences[track], ssrc: this.ssrcs[track] };
    this.send(track, 'rtp', writeRtp({ ...fields, timestamp, marker }, payload));
  }

  private send(track: 'video' | 'audio', kind: 'rtp' | 'rtcp', packet: Buffer): void {
    if (this.isStalled) return;
    for (const client of this.clients) client.send(track, kind, packet);
  }
}
