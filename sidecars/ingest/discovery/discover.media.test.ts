import { afterEach, describe, expect, test } from 'vitest';

import { discoveryAnswer } from '#server/contracts/discovery.ts';

import { createDiscovery, type Discovery } from './discover.ts';
import { fakeOnvifDevice, probeMatch } from './fake-onvif-device.ts';

const open: AsyncDisposable[] = [];
const discoveries: Discovery[] = [];
afterEach(async () => {
  await Promise.all(discoveries.splice(0).map((each) => each.close()));
  await Promise.all(open.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

async function aDevice(options?: Parameters<typeof fakeOnvifDevice>[0]) {
  const device = await fakeOnvifDevice(options);
  open.push(device);
  return device;
}

function aDiscovery(target: { address: string; port: number }, allowedCidrs = ['127.0.0.0/8']): Discovery {
  const discovery = createDiscovery({ allowedCidrs, target, listenMs: 700 });
  discoveries.push(discovery);
  return discovery;
}

const ask = (xaddr: string, user = '', password = '') => ({ ask: 'streams', of: { xaddr, user, password } }) as const;

describe('a call to the local network', () => {
  test('names each device once, with those of its addresses that the operator allows', async () => {
    const device = await aDevice();
    const answer = await aDiscovery(device.target).answer({ ask: 'devices' });
    expect(discoveryAnswer.parse(answer)).toEqual({
      found: 'devices',
      devices: [{ address: '127.0.0.1', name: 'Gate North', hardware: 'IPC-B140', xaddrs: [device.xaddr] }],
    });
  });

  test('is not made where no local range is allowed', async () => {
    const device = await aDevice();
    const answer = await aDiscovery(device.target, []).answer({ ask: 'devices' });
    expect(answer).toMatchObject({ found: 'fault', fault: 'ADDRESS_FORBIDDEN' });
  });

  test('hears nobody outside the allowed ranges, whatever address they name', async () => {
    const device = await aDevice();
    expect(await aDiscovery(device.target, ['10.0.0.0/8']).answer({ ask: 'devices' })).toEqual({
      found: 'devices',
      devices: [],
    });
    const lying = await aDevice({
      matches: [probeMatch('{relatesTo}', 'http://169.254.169.254/latest http://camera.example/ file:///etc/passwd')],
    });
    expect(await aDiscovery(lying.target).answer({ ask: 'devices' })).toEqual({ found: 'devices', devices: [] });
  });

  test.each([
    ['no XML', 'hello'],
    ['an answer to somebody else', probeMatch('urn:uuid:other', '{xaddr}')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${probeMatch('{relatesTo}', '{xaddr}')}`],
    ['an endless nesting', '<a>'.repeat(2000)],
    ['another message', probeMatch('{relatesTo}', '{xaddr}').replaceAll('ProbeMatch', 'Hello')],
    ['nothing', ''],
  ])('is not disturbed by %s', async (_what, noise) => {
    const device = await aDevice({ matches: [noise, probeMatch('{relatesTo}', '{xaddr}')] });
    const answer = await aDiscovery(device.target).answer({ ask: 'devices' });
    expect(answer).toMatchObject({ found: 'devices', devices: [{ name: 'Gate North' }] });
  });

  test('that is made twice at once goes out once', async () => {
    const device = await aDevice();
    const discovery = aDiscovery(device.target);
    const begun = performance.now();
    const answers = await Promise.all([1, 2, 3].map(() => discovery.answer({ ask: 'devices' })));
    expect(answers.map((answer) => answer.found)).toEqual(['devices', 'devices', 'devices']);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a device that is asked for its streams', () => {
  test('names them with size and rate, and the password in its own answer goes no further', async () => {
    const device = await aDevice({ user: 'operator', password: 'p&<w"d' });
    const answer = await aDiscovery(device.target).answer(ask(device.xaddr, 'operator', 'p&<w"d'));
    expect(discoveryAnswer.parse(answer)).toEqual({
      found: 'streams',
      streams: [
        {
          profile: 'mainStream',
          address: 'rtsp://127.0.0.1:554/Streaming/Profile_1?transportmode=unicast&profile=Profile_1',
          codec: 'H264',
          width: 1920,
          height: 1080,
          fps: 25,
        },
        {
          profile: 'sub & small',
          address: 'rtsp://127.0.0.1:554/Streaming/Profile_2?transportmode=unicast&profile=Profile_2',
          codec: 'JPEG',
          width: 640,
          height: 360,
          fps: 12.5,
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('leaked');
  });

  test('is understood although its clock is a day slow', async () => {
    const device = await aDevice({ user: 'a', password: 'b', clockOffsetMs: -86_400_000 });
    expect(await aDiscovery(device.target).answer(ask(device.xaddr, 'a', 'b'))).toMatchObject({ found: 'streams' });
  });

  test('says whether a password is wanted or was wrong', async () => {
    const device = await aDevice({ user: 'a', password: 'b' });
    const discovery = aDiscovery(device.target);
    expect(await discovery.answer(ask(device.xaddr))).toMatchObject({ fault: 'AUTH_REQUIRED' });
    expect(await discovery.answer(ask(device.xaddr, 'a', 'c'))).toMatchObject({ fault: 'AUTH_REFUSED' });
  });

  test('is not asked outside the allowed ranges, nor are streams taken that lead there', async () => {
    const device = await aDevice({ streamHost: '8.8.8.8' });
    const discovery = aDiscovery(device.target);
    for (const xaddr of ['http://10.0.0.1/onvif', 'http://localhost/onvif', 'http://8.8.8.8/onvif']) {
      expect(await discovery.answer(ask(xaddr))).toMatchObject({ fault: 'ADDRESS_FORBIDDEN' });
    }
    expect(await discovery.answer(ask(device.xaddr))).toEqual({ found: 'streams', streams: [] });
  });

  test.each([
    ['HTML', { status: 200, body: '<html><body>Login</body></html>' }, { found: 'streams', streams: [] }],
    ['a megabyte', { status: 200, body: `<a>${'x'.repeat(1_000_000)}</a>` }, { fault: 'DATA_INVALID' }],
    ['a refusal', { status: 403, body: '' }, { fault: 'AUTH_REQUIRED' }],
    ['an error', { status: 503, body: 'busy' }, { fault: 'DATA_INVALID' }],
  ])('may answer with %s', async (_what, given, expected) => {
    const device = await aDevice({ answer: given });
    expect(await aDiscovery(device.target).answer(ask(device.xaddr))).toMatchObject(expected);
  });

  test('that is gone is said to be', async () => {
    const device = await aDevice();
    const { xaddr, target } = device;
    await open.pop()?.[Symbol.asyncDispose]();
    expect(await aDiscovery(target).answer(ask(xaddr))).toMatchObject({ fault: 'UNREACHABLE' });
  });
});
