import type { Logger } from 'pino';

import { RtpReceiver } from '../rtp/rtp-receiver.ts';
import { monotonicUtcUs, SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { connectTcp, openConnection, type Connect } from './connect.ts';
import { describe, play, setUp, type Described, type SetUpMedia } from './handshake.ts';
import { keepSession } from './keep-session.ts';
import { followRedirect, readRtspAddress, type RtspAddress } from './rtsp-address.ts';
import { RtspConnection } from './rtsp-connection.ts';
import type { DescribedMedia } from './session-description.ts';
import { SocketReader } from './socket-reader.ts';

export interface RtspOptions {
  /** With credentials, percent-encoded where they must be. */
  url: string;
  transport: 'tcp';
  /** Takes the place of a plain TCP connect: where addresses are resolved and checked. Used for redirects too. */
  connect?: Connect;
  /** Certificates (PEM) that rtsps trusts besides the machine's. */
  ca?: string;
  /** The source is given up after so long without a video packet. */
  mediaMs?: number;
  log: Logger;
  /** Ends the source, opening or open. */
  signal: AbortSignal;
}

const connectMs = 5000;
const requestMs = 5000;
const mediaMsDefault = 5000;
const teardownMs = 500;
const redirectsMax = 3;

/**
 * Opens an RTSP source over TCP and resolves when it plays; events may come before. Rejects with SourceError; `done`
 * rejects with one too unless `close` or the signal ended it.
 */
export async function openRtsp(options: RtspOptions, sink: SourceSink): Promise<OpenSource> {
  const source = new RtspSource(options, sink);
  await source.open();
  return source;
}

class RtspSource implements OpenSource {
  readonly done: Promise<void>;
  private readonly options: RtspOptions;
  private readonly sink: SourceSink;
  private finish: (why: SourceError | null) => void = () => undefined;
  private connection: RtspConnection | null = null;
  private aggregateUri = '';
  private isPlaying = false;
  private closing: Promise<void> | null = null;
  private stopKeeping = () => {};
  private hasBegun = false;
  private readUs = 0;
  private videoUs = 0;
  private video: RtpReceiver | null = null;
  private readonly receivers: RtpReceiver[] = [];
  private readonly rtpByChannel: (RtpReceiver | undefined)[] = Array.from({ length: 256 });
  private readonly rtcpByChannel: (RtpReceiver | undefined)[] = Array.from({ length: 256 });

  constructor(options: RtspOptions, sink: SourceSink) {
    this.options = options;
    this.sink = sink;
    this.done = new Promise((resolve, reject) => {
      this.finish = (why) => (why ? reject(why) : resolve());
    });
    // A source that never opened tells by `open`; nobody listens here then.
    this.done.catch(() => undefined);
  }

  async open(): Promise<void> {
    const abort = () => void this.close();
    this.options.signal.addEventListener('abort', abort, { once: true });
    void this.done.finally(() => this.options.signal.removeEventListener('abort', abort)).catch(() => undefined);
    try {
      const described = await this.describe(readRtspAddress(this.options.url));
      const setUps: SetUpMedia[] = [];
      for (const media of described.media) {
        const done = await this.setUp(described, media, setUps.length);
        if (!done) continue;
        setUps.push(done);
        this.receive(done);
      }
      this.aggregateUri = described.aggregateUri;
      await play(this.requireConnection(), this.aggregateUri);
      this.begin();
      this.isPlaying = true;
      this.requireConnection().readInRounds();
      this.keep(described, Math.min(...setUps.map(({ sessionSeconds }) => sessionSeconds)));
    } catch (error) {
      const why = this.closing ? closedByUs() : error;
      await this.close();
      throw why;
    }
  }

  /** TEARDOWN if it plays, then the connection ends, answered or not. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      const { connection } = this;
      if (connection && this.isPlaying) {
        await connection
          .request({ method: 'TEARDOWN', uri: this.aggregateUri, deadlineMs: teardownMs })
          .catch(() => undefined); // The connection ends anyway.
      }
      this.stopKeeping();
      connection?.end(closedByUs());
      this.finish(null);
    })();
    return this.closing;
  }

  private async describe(first: RtspAddress): Promise<Described> {
    let address = first;
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      const connection = await this.connect(address);
      const described = await describe(connection, address.uri);
      if (!('location' in described)) return described;
      connection.end(closedByUs());
      address = followRedirect(address, described.location);
    }
    throw new SourceError('DATA_INVALID', `redirected more than ${redirectsMax} times`, { retry: true });
  }

  private async connect(address: RtspAddress): Promise<RtspConnection> {
    const { signal, ca, connect = connectTcp } = this.options;
    const reader = new SocketReader();
    const socket = await openConnection(address, reader, { connect, ca, signal, deadlineMs: connectMs });
    const connection = new RtspConnection({
      socket,
      reader,
      credentials: address.credentials,
      requestMs,
      onPacket: (channel, buffer, start, end) => this.onPacket(channel, buffer, start, end),
      onRead: () => {
        this.readUs = monotonicUtcUs();
      },
    });
    if (this.closing) {
      connection.end(closedByUs());
      throw closedByUs();
    }
    this.connection = connection;
    return connection;
  }

  /** Null for sound that is described and refused: the picture is worth having alone. */
  private async setUp(described: Described, media: DescribedMedia, index: number): Promise<SetUpMedia | null> {
    try {
      return await setUp(this.requireConnection(), described, media, index);
    } catch (error) {
      const isRefusal = error instanceof SourceError && error.code !== 'CLOSED' && error.code !== 'TIMED_OUT';
      if (media.format.track.kind === 'video' || !isRefusal) throw error;
      this.options.log.warn({ action: 'rtsp.audioRefused', reason: error.message }, 'the source refuses its sound');
      return null;
    }
  }

  private requireConnection(): RtspConnection {
    if (!this.connection) throw closedByUs();
    return this.connection;
  }

  private receive({ media, rtp, rtcp }: SetUpMedia): void {
    const receiver = new RtpReceiver(media.format, this.sink);
    this.receivers.push(receiver);
    this.rtpByChannel[rtp] = receiver;
    this.rtcpByChannel[rtcp] = receiver;
    if (media.format.track.kind === 'video') this.video = receiver;
  }

  private onPacket(channel: number, buffer: Buffer, start: number, end: number): void {
    if (this.closing) return;
    if (!this.hasBegun) this.begin();
    const receiver = this.rtpByChannel[channel];
    if (receiver) {
      if (receiver.push(buffer, start, end, this.readUs) && receiver === this.video) this.videoUs = this.readUs;
    } else this.rtcpByChannel[channel]?.pushRtcp(buffer, start, end, this.readUs);
  }

  /** The tracks come before anything of theirs, also where media overtakes the reply to PLAY. */
  private begin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.sink({ type: 'tracks', tracks: this.receivers.map(({ format }) => format.track) });
  }

  private keep(described: Described, sessionSeconds: number): void {
    const connection = this.requireConnection();
    this.videoUs = monotonicUtcUs();
    this.stopKeeping = keepSession({
      connection,
      uri: described.aggregateUri,
      canGetParameter: described.canGetParameter,
      sessionSeconds,
      mediaMs: this.options.mediaMs ?? mediaMsDefault,
      sinceVideoMs: () => (monotonicUtcUs() - this.videoUs) / 1000,
      hasEnded: () => this.video?.hasEnded ?? false,
      sendReports: () => this.sendReports(connection),
      log: this.options.log,
    });
    void this.watchEnd(connection);
  }

  private async watchEnd(connection: RtspConnection): Promise<void> {
    const why = await connection.closed;
    this.stopKeeping();
    if (!this.closing) this.finish(why);
  }

  private sendReports(connection: RtspConnection): void {
    for (const [channel, receiver] of this.rtcpByChannel.entries()) {
      const report = receiver?.receiverReport(monotonicUtcUs());
      if (report) connection.sendPacket(channel, report);
    }
  }
}

function closedByUs(): SourceError {
  return new SourceError('CLOSED', 'closed by us', { retry: false });
}
