import { createServer } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { createAddressGuard, type AddressGuard } from './address-guard.ts';

const guards: AddressGuard[] = [];
function aGuard(options: { allowedCidrs?: string[]; answers?: string[][] } = {}): AddressGuard {
  const answers = [...(options.answers ?? [])];
  const guard = createAddressGuard({
    allowedCidrs: options.allowedCidrs ?? [],
    lookup: () => {
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
      return Promise.resolve(answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    },
  });
  guards.push(guard);
  return guard;
}
afterEach(async () => {
  await Promise.all(guards.splice(0).map((guard) => guard.close()));
});

describe('refuses, whatever way it is written,', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.0.0.1.',
    '0.0.0.0',
    '0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '3232235777',
    '169.254.169.254',
    '0xa9fea9fe',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '239.1.1.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    '[::ffff:10.0.0.1]',
    '[::127.0.0.1]',
    '[fe80::1]',
    '[fe80::1%25eth0]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::808:808]',
    '[2002:7f00:1::]',
    '[2001:0:1::1]',
    '[2001:db8::1]',
  ])('%s', async (host) => {
    await expect(aGuard().resolve(host)).rejects.toMatchObject({ code: 'ADDRESS_FORBIDDEN', retry: false });
  });

  test('a name that leads inside', async () => {
    await expect(aGuard({ answers: [['10.0.0.7']] }).resolve('cam.example')).rejects.toMatchObject({
      code: 'ADDRESS_FORBIDDEN',
    });
  });
});

test.each(['8.8.8.8', '134744072', '[2606:4700::1111]', '[::ffff:8.8.8.8]'])(
  'lets the public address %s pass',
  async (host) => {
    await expect(aGuard().resolve(host)).resolves.toHaveProperty('address');
  },
);

test.each([
  ['192.168.0.0/16', '192.168.4.5'],
  ['127.0.0.0/8', '2130706433'],
  ['127.0.0.0/8', '[::ffff:127.0.0.1]'],
  ['fd00::/8', '[fd12::1]'],
  ['10.0.0.9', '10.0.0.9'],
  ['239.0.0.0/8', '239.1.1.1'],
  ['64:ff9b::/96', '[64:ff9b::808:808]'],
])('with %s allowed %s passes', async (cidr, host) => {
  await expect(aGuard({ allowedCidrs: [cidr] }).resolve(host)).resolves.toHaveProperty('address');
});

test('an allowed range opens nothing beside it', async () => {
  await expect(aGuard({ allowedCidrs: ['10.0.0.0/24'] }).resolve('10.0.1.1')).rejects.toMatchObject({
    code: 'ADDRESS_FORBIDDEN',
  });
});

test('uses the public one of a mixed answer only', async () => {
  await expect(aGuard({ answers: [['127.0.0.1', '8.8.4.4']] }).resolve('mixed.example')).resolves.toEqual({
    address: '8.8.4.4',
    family: 4,
  });
});

test.each(['999.1.1.1', '1.2.3.4.5', '0x', ''])('says that %j is no address or does not resolve', async (host) => {
  const code: unknown = await aGuard()
    .resolve(host)
    .catch((error: unknown) => (error instanceof Error && 'code' in error ? error.code : null));
  expect(['ADDRESS_INVALID', 'NAME_UNKNOWN', 'ADDRESS_FORBIDDEN']).toContain(code);
});

test('says NAME_UNKNOWN where a name does not resolve', async () => {
  const guard = createAddressGuard({ allowedCidrs: [], lookup: () => Promise.reject(new Error('ENOTFOUND')) });
  guards.push(guard);
  await expect(guard.resolve('nobody.example')).rejects.toMatchObject({ code: 'NAME_UNKNOWN', retry: true });
});

test.each(['10.0.0.0/33', 'fd00::/129', 'camera', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1'])(
  'refuses %s as a range',
  (cidr) => {
    expect(() => createAddressGuard({ allowedCidrs: [cidr] })).toThrow(/no address range/);
  },
);

test('dials what was checked: a name that answers differently the second time leads nowhere else', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  try {
    // Public first, loopback the second time: each connection asks once and dials that answer.
    const guard = aGuard({ answers: [['8.8.8.8'], ['127.0.0.1']] });
    await expect(guard.resolve('rebind.example')).resolves.toEqual({ address: '8.8.8.8', family: 4 });
    await expect(guard.connect('rebind.example', port, AbortSignal.timeout(2000))).rejects.toMatchObject({
      code: 'ADDRESS_FORBIDDEN',
    });
    const allowing = aGuard({ allowedCidrs: ['127.0.0.1/32'], answers: [['127.0.0.1'], ['10.0.0.1']] });
    const socket = await allowing.connect('once.example', port, AbortSignal.timeout(2000));
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  } finally {
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
});
