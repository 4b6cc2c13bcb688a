/** Real fragmented MP4 for tests, one track at a time, out of a clip: libav's own writer is the second opinion on ours. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { AVIO_FLAG_WRITE, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, IOContext, Packet } from 'node-av/lib';

export interface FragmentedTrack {
  init: Buffer;
  /** moof+mdat of one frame each. */
  chunks: Buffer[];
}

const packetsMax = 2000;

export async function fragmentTrack(file: string, kind: 'video' | 'audio', trackId: number): Promise<FragmentedTrack> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sensorium-media-'));
  try {
    const target = path.join(dir, 'track.mp4');
    await remux({ file, target, kind, trackId });
    return splitFragments(await readFile(target));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function remux(work: { file: string; target: string; kind: 'video' | 'audio'; trackId: number }): Promise<void> {
  const input = new FormatContext();
  input.allocContext();
  FFmpegError.throwIfError(await input.openInput(work.file, null, null), 'open');
  FFmpegError.throwIfError(await input.findStreamInfo(null), 'info');
  const wanted = work.kind === 'video' ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
  const source = input.streams?.find((stream) => stream.codecpar.codecType === wanted);
  if (!source) throw new Error(`${work.file} has no ${work.kind}`);
  const output = new FormatContext();
  FFmpegError.throwIfError(output.allocOutputContext2(null, 'mp4', work.target), 'output');
  const stream = output.newStream(null);
  FFmpegError.throwIfError(source.codecpar.copy(stream.codecpar), 'parameters');
  stream.codecpar.codecTag = work.kind === 'video' && source.codecpar.getCodecString()?.startsWith('h') ? 'hvc1' : 0;
  stream.id = work.trackId;
  stream.timeBase = source.timeBase;
  const io = new IOContext();
  FFmpegError.throwIfError(await io.open2(work.target, AVIO_FLAG_WRITE), 'write');
  output.pb = io;
  const movflags = '+empty_moov+default_base_moof+frag_every_frame';
  const options = Dictionary.fromObject({ movflags, use_stream_ids_as_track_ids: '1' });
  FFmpegError.throwIfError(await output.writeHeader(options), 'header');
  const packet = new Packet();
  packet.alloc();
  for (let count = 0; count < packetsMax && (await input.readFrame(packet)) >= 0; count += 1) {
    if (packet.streamIndex === source.index) {
      packet.streamIndex = 0;
      packet.rescaleTs(source.timeBase, stream.timeBase);
      FFmpegError.throwIfError(await output.writeFrame(packet), 'frame');
    }
    packet.unref();
  }
  await output.writeTrailer();
  output.pb = null;
  await io.closep();
  output.freeContext();
  await input.closeInput();
}

function splitFragments(bytes: Buffer): FragmentedTrack {
  const chunks: Buffer[] = [];
  let init = bytes;
  let moofAt = -1;
  for (let at = 0; at + 8 <= bytes.length; at += Math.max(8, bytes.readUInt32BE(at))) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'moof' && moofAt < 0) init = bytes.subarray(0, at);
    if (type === 'moof') moofAt = at;
    if (type === 'mdat' && moofAt >= 0) chunks.push(bytes.subarray(moofAt, at + bytes.readUInt32BE(at)));
  }
  return { init, chunks };
}
