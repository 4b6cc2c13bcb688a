import { expect, test } from 'vitest';

import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aPeople } from '#server/testing/people.ts';

const rooms = peopleRooms();

test('the entrance says what is offered', async () => {
  await using open = await aPeople(rooms.database, {
    env: { OIDC_ISSUER: 'https://id.example.org', OIDC_NAME: 'Example' },
  });
  expect(await open.people.entrance()).toEqual({
    signUp: 'open',
    oidc: { name: 'Example' },
    passkeys: true,
    mail: true,
  });
  await using plain = await aPeople(rooms.database, {
    mailLeaves: false,
    env: { PUBLIC_URL: 'http://cameras.example.org' },
  });
  expect(await plain.people.entrance()).toMatchObject({ oidc: null, passkeys: false, mail: false });
});
