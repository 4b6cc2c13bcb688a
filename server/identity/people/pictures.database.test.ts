import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';

import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aPeople } from '#server/testing/people.ts';

const rooms = peopleRooms();
const aPicture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#804020' } });
const base64 = async (image: Sharp) => (await image.toBuffer()).toString('base64');

test('a picture is drawn anew: upright, 512 × 512, WebP, without what the file said; the one before is gone', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson();
  const { pictures, profiles } = house.people;
  const left = {
    input: { create: { width: 40, height: 80, channels: 3 as const, background: '#0000ff' } },
    left: 0,
    top: 0,
  };
  const photo = aPicture(80, 80)
    .composite([left])
    .withExif({ IFD0: { Copyright: 'A secret place' }, IFD3: { GPSLatitude: '35/1 0/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg();
  const { picture } = await profiles.setPicture(actor, await base64(photo));
  const name = picture?.replace('/pictures/', '') ?? '';
  const drawn = await pictures.read(name);
  if (!drawn) throw new Error('the picture is not there');
  const facts = await sharp(drawn).metadata();
  expect(facts).toMatchObject({ format: 'webp', width: 512, height: 512 });
  expect([facts.exif, facts.icc, facts.xmp, facts.orientation]).toEqual([undefined, undefined, undefined, undefined]);
  // Turned clockwise, what was left is on top.
  const { dominant } = await sharp(drawn).extract({ left: 0, top: 0, width: 512, height: 200 }).stats();
  expect(dominant.b).toBeGreaterThan(dominant.r);
  const again = await profiles.setPicture(actor, await base64(aPicture(10, 10).png()));
  expect(again.picture).not.toBe(picture);
  expect(await pictures.read(name)).toBeNull();
  expect(await readdir(join(house.dir, 'pictures'))).toHaveLength(1);
  expect(await profiles.removePicture(actor)).toMatchObject({ picture: null });
  expect(await readdir(join(house.dir, 'pictures'))).toEqual([]);
});

test('what is no picture by its content, is damaged or unpacks to too many pixels is refused, and nothing stays', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson();
  const set = (content: string) => house.people.profiles.setPicture(actor, content);
  const refused = (reason: string) => ({ code: 'BAD_REQUEST', details: { reason } });
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>',
  ).toString('base64');
  await expect(set(svg)).rejects.toMatchObject(refused('type'));
  await expect(set(await base64(aPicture(9, 9).gif()))).rejects.toMatchObject(refused('type'));
  await expect(set(Buffer.from('<html>').toString('base64'))).rejects.toMatchObject(refused('type'));
  await expect(set('')).rejects.toMatchObject(refused('type'));
  const whole = Buffer.from(await base64(aPicture(400, 400).png()), 'base64');
  await expect(set(whole.subarray(0, whole.length / 2).toString('base64'))).rejects.toMatchObject(refused('damaged'));
  const bomb = await base64(aPicture(8000, 5001).png({ compressionLevel: 9 }));
  expect(bomb.length).toBeLessThan(1_000_000);
  await expect(set(bomb)).rejects.toMatchObject(refused('pixels'));
  await expect(set(Buffer.alloc(8 * 1024 * 1024 + 1).toString('base64'))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect((await rooms.userOf(actor.email))?.picture).toBeNull();
  expect(await readdir(house.dir)).toEqual([]);
});

test('no more pictures are drawn at once than the memory bears', async () => {
  await using house = await aPeople(rooms.database);
  const photo = await base64(aPicture(3000, 2000).jpeg());
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => house.people.pictures.keep(photo)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const outcome of outcomes.filter(({ status }) => status === 'rejected'))
    expect(outcome).toMatchObject({ reason: { code: 'UNAVAILABLE', details: { retryAfterSeconds: 2 } } });
});

test.each(['../secrets/key.webp', '%2e%2e/x', '', 'a.webp', '..'])(
  'no name but that of a picture is looked for on the disk: %j',
  async (name) => {
    await using house = await aPeople(rooms.database);
    expect(await house.people.pictures.read(name)).toBeNull();
  },
);
