import type { AddressGuard } from '../guard/address-guard.ts';
import { credentialsOf, httpUrl } from '../guard/http-get.ts';
import {
  monotonicUtcUs,
  SourceError,
  type OpenSource,
  type SourceEvent,
  type SourceSink,
  type SourceTrack,
} from '../source.ts';
import { AccessUnits } from './access-units.ts';
import { Demuxer, type DemuxedPacket } from './demuxer.ts';
import type { HlsPlaylist } from './hls-playlist.ts';
import { fetchPlaylist, HlsReader, type HlsAccess, type HlsStretch } from './hls-reader.ts';
import { runSource } from './live-run.ts';
import { tsProbing } from './open-mpegts.ts';
import { PacedRelease } from './paced-release.ts';

const openMsMax = 20_000;
/** A list may grow late by some of its segments before it is given up by the reader itself. */
const silenceMsMax = 60_000;
/** Tracks of an audio playlist of its own are numbered from here. */
const audioTrackOffset = 1000;

/** HLS: playlists and segments fetched by us through the guard, taken apart by libav, released at the pace of their time stamps. */
export async function openHls(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const address = httpUrl(options.address);
  const access: HlsAccess = {
    guard: options.guard,
    signal,
    credentials: credentialsOf(address),
    origin: address.origin,
  };
  const { playlist, url } = await fetchPlaylist(address, access);
  const urls = playlist.type === 'media' ? [url] : chosen(playlist, url);
  const paced = new PacedRelease(sink, signal);
  const merge = new TrackMerge(urls.length, paced.sink);
  const renditions = urls.map(
    (rendition, index) => new Rendition(new HlsReader(rendition, access), paced, merge.input(index), signal),
  );
  try {
    await Promise.all(renditions.map((rendition) => rendition.open()));
  } catch (error) {
    stopping.abort();
    await Promise.all(renditions.map((rendition) => rendition.close()));
    throw error;
  }
  return runSource({
    work: async () => {
      const releasing = paced.run();
      try {
        await Promise.all(renditions.map((rendition) => rendition.read()));
      } finally {
        paced.end();
        await releasing;
      }
    },
    release: async () => {
      stopping.abort();
      await Promise.all(renditions.map((rendition) => rendition.close()));
    },
    stopping,
    signal,
  });
}

/** The best variant, and the sound that belongs to it where that has a list of its own. */
function chosen(master: Extract<HlsPlaylist, { type: 'master' }>, base: URL): URL[] {
  const [best] = master.variants.toSorted((a, b) => b.height - a.height || b.bandwidth - a.bandwidth);
  if (!best) throw new SourceError('NO_VIDEO', 'the list names no variant', { retry: true });
  const sounds = master.audio.filter(({ group }) => group === best.audioGroup);
  const sound = sounds.find(({ isDefault }) => isDefault) ?? sounds[0];
  return [best.uri, ...(sound && sound.uri !== best.uri ? [sound.uri] : [])].map((uri) => httpUrl(uri, base));
}

/** Two inputs as one source: their tracks are told together. */
class TrackMerge {
  private readonly tracks: (SourceTrack[] | null)[];
  private readonly sink: SourceSink;
  private waiting: SourceEvent[] = [];

  constructor(inputs: number, sink: SourceSink) {
    this.tracks = Array.from({ length: inputs }, () => null);
    this.sink = sink;
  }

  input(index: number): SourceSink {
    const offset = index * audioTrackOffset;
    return (event) => {
      switch (event.type) {
        case 'tracks':
          this.tracks[index] = event.tracks.map((track) => ({ ...track, id: track.id + offset }));
          this.tell();
          return;
        case 'unit':
          this.pass({ type: 'unit', unit: { ...event.unit, track: event.unit.track + offset } });
          return;
        case 'clock':
        case 'lost':
          this.pass({ ...event, track: event.track + offset });
          return;
      }
    };
  }

  private tell(): void {
    if (this.tracks.some((tracks) => tracks === null)) return;
    const tracks = this.tracks.flatMap((list, index) => {
      // Sound of an own list replaces what the picture's segments may carry.
      const own =
        this.tracks.length > 1 && index === 0 ? (list ?? []).filter(({ kind }) => kind === 'video') : (list ?? []);
      return own;
    });
    this.sink({ type: 'tracks', tracks });
    for (const event of this.waiting.splice(0)) this.sink(event);
  }

  private pass(event: SourceEvent): void {
    if (this.tracks.every((tracks) => tracks !== null)) this.sink(event);
    else if (this.waiting.length < 1000) this.waiting.push(event);
  }
}

class Rendition {
  private readonly reader: HlsReader;
  private readonly paced: PacedRelease;
  private readonly sink: SourceSink;
  private readonly signal: AbortSignal;
  private following: Promise<void> | null = null;
  private current: { stretch: HlsStretch; demuxer: Demuxer } | null = null;

  constructor(reader: HlsReader, paced: PacedRelease, sink: SourceSink, signal: AbortSignal) {
    this.reader = reader;
    this.paced = paced;
    this.sink = sink;
    this.signal = signal;
  }

  async open(): Promise<void> {
    this.following = this.reader.run();
    if (!(await this.openNext())) throw new SourceError('NO_VIDEO', 'the list holds no segment', { retry: true });
  }

  async read(): Promise<void> {
    while (this.current) {
      const { stretch, demuxer } = this.current;
      const units = new AccessUnits(this.sink, null);
      units.begin(demuxer.tracks);
      for (let packet = await demuxer.read(); packet; packet = await demuxer.read()) {
        units.push(packet);
        this.tellClock(packet, stretch);
        await this.paced.room();
      }
      await demuxer.close();
      this.current = null;
      if (stretch.feed.error) throw stretch.feed.error;
      // What follows a discontinuity has time stamps of its own.
      await this.paced.drained();
      await this.openNext();
    }
  }

  async close(): Promise<void> {
    this.current?.stretch.feed.abort();
    await this.current?.demuxer.close();
    await this.following;
  }

  private async openNext(): Promise<boolean> {
    const stretch = await this.reader.next();
    if (!stretch) return false;
    const demuxer = await Demuxer.open({
      input: {
        read: (size) => stretch.feed.read(size),
        format: stretch.format,
        options: stretch.format === 'mpegts' ? tsProbing : {},
      },
      openMsMax,
      silenceMsMax,
      signal: this.signal,
    }).catch((error: unknown) => {
      throw stretch.feed.error ?? error;
    });
    this.current = { stretch, demuxer };
    return true;
  }

  /** The list says when a segment's first picture was; where it lies in the bytes says which one that is. */
  private tellClock(packet: DemuxedPacket, stretch: HlsStretch): void {
    const { reading, pts } = packet;
    const [mark] = stretch.marks;
    if (!mark || pts === null || reading.track.kind !== 'video' || !packet.key) return;
    if (Number(packet.packet.pos) < mark.at) return;
    while (stretch.marks[1] && Number(packet.packet.pos) >= stretch.marks[1].at) stretch.marks.shift();
    const { dateTimeMs } = stretch.marks.shift() ?? mark;
    const arrivalUs = monotonicUtcUs();
    this.sink({
      type: 'clock',
      track: reading.track.id,
      ticks: pts,
      utcUs: dateTimeMs * 1000,
      kind: 'capture',
      arrivalUs,
    });
  }
}
