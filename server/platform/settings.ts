import { z } from 'zod';

import type { Rows } from './db.ts';

/** Choices of the operator that every process shares, with what holds until one is made, or where what is stored does not parse. */
const settings = z.object({
  /** Demo cameras are shown to everybody. */
  demoCamerasShown: z.boolean().catch(true),
  /** The first-run wizard was finished or left. */
  firstRunDone: z.boolean().catch(false),
  /** The operator's answer to whether public cameras are fetched. */
  publicFeeds: z.enum(['unasked', 'wanted', 'refused']).catch('unasked'),
  /** Who may make an account. */
  signUp: z.enum(['open', 'invitation', 'closed']).catch('invitation'),
  /** The role of who signs up without an invitation; '': none. */
  signUpRole: z.string().catch(''),
  /** Origins whose pages may show ours in a frame. */
  embedOrigins: z.array(z.string()).catch([]),
});

type Settings = z.infer<typeof settings>;
type SettingKey = keyof Settings;

export async function readSetting<Key extends SettingKey>(rows: Rows, key: Key): Promise<Settings[Key]> {
  const row = await rows.setting.findUnique({ where: { key }, select: { value: true } });
  return settings.parse({ [key]: row?.value })[key];
}

export async function writeSetting<Key extends SettingKey>(rows: Rows, key: Key, value: Settings[Key]): Promise<void> {
  const stored = { value };
  await rows.setting.upsert({ where: { key }, create: { key, ...stored }, update: stored, select: { key: true } });
}
