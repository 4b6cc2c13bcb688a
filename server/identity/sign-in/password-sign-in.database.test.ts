import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anArrival, anEntrance, aPerson, rightPassword, wrongPassword } from '#server/testing/entrance.ts';

const rooms = entranceRooms();

test('a user name opens as well, whatever its case, and is not a pattern', async () => {
  const { signIn } = anEntrance(rooms.database);
  const person = await aPerson(rooms.database, { userName: 'Aya_Tanaka' });
  await expect(signIn.signIn({ email: 'aya_tanaka', password: rightPassword }, anArrival())).resolves.toMatchObject({
    user: { id: person.id },
  });
  for (const email of ['aya-tanaka', 'ayaxtanaka', 'aya%', '%'])
    await expect(signIn.signIn({ email, password: rightPassword }, anArrival())).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
});

test('who signed up and never confirmed their address is told what a wrong password is told, where mail leaves the house', async () => {
  const { id, email } = await aPerson(rooms.database);
  await rooms.database.user.update({ where: { id }, data: { emailConfirmedAt: null } });
  const tell = (mailLeaves: boolean, word: string) =>
    anEntrance(rooms.database, { mailLeaves })
      .signIn.signIn({ email, password: word }, anArrival())
      .then(
        () => 'in',
        (error: unknown) => String(error),
      );
  const refused = await tell(true, rightPassword);
  expect(refused).not.toBe('in');
  expect(refused).toBe(await tell(true, 'wrong wrong wrong'));
  // Where no mail leaves, nobody could confirm.
  expect(await tell(false, rightPassword)).toBe('in');
});

test('an unknown name, a wrong password, a person without one and one who is locked are told alike', async () => {
  const { signIn } = anEntrance(rooms.database);
  const [known, bare, locked] = [
    await aPerson(rooms.database),
    await aPerson(rooms.database, { password: null }),
    await aPerson(rooms.database),
  ];
  await rooms.database.user.update({ where: { id: locked.id }, data: { lockedAt: new Date() } });
  const names = [known.email, bare.email, locked.email, known.userName, 'nobody@example.org', 'nobody'];
  const faults = await Promise.all(
    names.map((email) =>
      signIn
        .signIn({ email, password: wrongPassword }, anArrival())
        .catch((error: unknown) => inspect(error, { showHidden: true }).replaceAll(/^ +at .*$/gm, '')),
    ),
  );
  expect(new Set(faults).size).toBe(1);
  expect(faults[0]).toContain('UNAUTHENTICATED');
  await expect(signIn.signIn({ email: locked.email, password: rightPassword }, anArrival())).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'locked' },
  });
});

test('how long a refusal takes does not tell who is there', async () => {
  const { signIn } = anEntrance(rooms.database);
  const kinds = {
    known: async () => (await aPerson(rooms.database)).email,
    bare: async () => (await aPerson(rooms.database, { password: null })).email,
    unknown: async () => `${randomUUID()}@example.org`,
  };
  const took = { known: [] as number[], bare: [] as number[], unknown: [] as number[] };
  // In turn, so that whatever else the machine does falls on all alike; the first round warms up.
  for (let round = -1; round < 15; round += 1)
    for (const kind of ['known', 'bare', 'unknown'] as const) {
      const email = await kinds[kind]();
      const before = performance.now();
      await signIn.signIn({ email, password: wrongPassword }, anArrival()).catch(() => null);
      if (round >= 0) took[kind].push(performance.now() - before);
    }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  expect(median(took.unknown) / median(took.known)).toBeGreaterThan(0.4);
  expect(median(took.unknown) / median(took.known)).toBeLessThan(2.5);
  expect(median(took.bare) / median(took.known)).toBeGreaterThan(0.4);
  expect(median(took.bare) / median(took.known)).toBeLessThan(2.5);
}, 60_000);
