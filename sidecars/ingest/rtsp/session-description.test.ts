import { describe, expect, test } from 'vitest';

import { readSessionDescription } from './session-description.ts';

const session = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=x', 't=0 0'];
const h264 = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; profile-level-id=42C01E; sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==',
  'a=framerate:29.97',
  'a=control:trackID=1',
];
const aac = [
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/44100/2',
  'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizeLength=13;indexLength=3;indexDeltaLength=3;config=1210',
  'a=control:2',
];

function read(...lines: string[]) {
  return readSessionDescription(`${[...session, ...lines].join('\r\n')}\r\n`);
}

describe('session description', () => {
  test('reads a camera with H.264 and AAC', () => {
    const { control, media } = read('a=control:*', ...h264, ...aac);
    expect(control).toBe('*');
    expect(media.map((one) => one.control)).toEqual(['trackID=1', '2']);
    expect(media.map((one) => one.format.track)).toEqual([
      {
        id: 1,
        kind: 'video',
        codec: 'h264',
        timescale: 90_000,
        wrapBits: 32,
        config: null,
        width: null,
        height: null,
        fpsAnnounced: 29.97,
      },
      {
        id: 2,
        kind: 'audio',
        codec: 'aac',
        timescale: 44_100,
        wrapBits: 32,
        config: Buffer.from([0x12, 0x10]),
        channels: 2,
        sampleRate: 44_100,
      },
    ]);
  });

  test.each([
    ['m=audio 0 RTP/AVP 0', 'pcm_mulaw', 8000],
    ['m=audio 0 RTP/AVP 8', 'pcm_alaw', 8000],
    ['m=audio 0 RTP/AVP 98\r\na=rtpmap:98 PCMA/16000/2', 'pcm_alaw', 16_000],
    ['m=audio 0 RTP/AVP 98\r\na=rtpmap:98 opus/48000/2', 'opus', 48_000],
  ])('reads the sound of %j', (lines, codec, timescale) => {
    expect(read(...h264, lines).media[1]?.format.track).toMatchObject({ codec, timescale, wrapBits: 32 });
  });

  test('tells the core rate of HE-AAC from the rate that plays', () => {
    const he = 'a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=2B118800';
    const { media } = read(...h264, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 mpeg4-generic/48000/2', he);
    expect(media[1]?.format.track).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 });
  });

  test('reads HEVC', () => {
    const { media } = read('m=video 0 RTP/AVP 99', 'a=rtpmap:99 H265/90000', 'a=fmtp:99 sprop-vps=QAE=;sprop-sps=QgE=');
    expect(media[0]?.format).toMatchObject({ payloadType: 99, track: { codec: 'hevc' } });
  });

  test('takes the first video and the first payload type that it knows, and leaves metadata aside', () => {
    const { media } = read(
      'm=application 0 RTP/AVP 107',
      'a=rtpmap:107 vnd.onvif.metadata/90000',
      'm=video 0 RTP/AVP 26 96',
      ...h264.slice(1),
      ...h264,
    );
    expect(media.map(({ format }) => format.track.kind)).toEqual(['video']);
  });

  test('passes over the back channel of a camera', () => {
    const { media } = read(...h264, 'm=audio 0 RTP/AVP 0', 'a=sendonly', 'm=audio 0 RTP/AVP 8', 'a=control:back');
    expect(media[1]?.control).toBe('back');
  });

  test.each([
    ['NO_VIDEO', aac],
    ['CODEC_UNSUPPORTED', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000']],
    ['CODEC_UNSUPPORTED', ['m=video 0 RTP/AVP 26']],
    ['CODEC_UNSUPPORTED', ['m=video 0 RTP/SAVP 96', ...h264.slice(1)]],
    ['CODEC_UNSUPPORTED', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2']],
    ['CODEC_UNSUPPORTED', [...h264, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MP4A-LATM/48000']],
    ['CODEC_UNSUPPORTED', [...h264, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 mpeg4-generic/48000']],
  ])('refuses with %s what it cannot read: %j', (code, lines) => {
    expect(() => read(...lines)).toThrow(expect.objectContaining({ code, retry: false }));
  });

  test.each(['', '<html>', '\0\0\0'])('refuses %j, which is no description', (text) => {
    expect(() => readSessionDescription(text)).toThrow(expect.objectContaining({ code: 'DATA_INVALID' }));
  });
});
