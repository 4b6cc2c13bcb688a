import type { APIRequestContext } from '@playwright/test';
import { z } from 'zod';

import { expect } from './page-fixture.ts';

const answer = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) });

/** Asks a procedure over HTTP, as a program with the person's cookies would. */
export async function ask(request: APIRequestContext, path: string, input: unknown): Promise<unknown> {
  const sent = encodeURIComponent(JSON.stringify({ json: input }));
  const response = await request.get(`/trpc/${path}?input=${sent}`);
  expect(response.ok(), await response.text()).toBe(true);
  return answer.parse(await response.json()).result.data.json;
}

export async function change(request: APIRequestContext, path: string, input: unknown): Promise<unknown> {
  const response = await request.post(`/trpc/${path}`, { data: { json: input } });
  expect(response.ok(), await response.text()).toBe(true);
  return answer.parse(await response.json()).result.data.json;
}

const mails = z.object({ items: z.array(z.object({ id: z.string(), summary: z.record(z.string(), z.string()) })) });
const mail = z.object({ text: z.string() });

/** The link in the newest mail to somebody whose subject holds these words, as the admin finds it in the outbox. */
export async function linkInMail(owner: APIRequestContext, to: string, subject: string): Promise<string> {
  let link = '';
  await expect(async () => {
    const { items } = mails.parse(await ask(owner, 'mail.list', { limit: 50 }));
    const found = items.find(({ summary }) => summary['to'] === to && summary['subject']?.includes(subject));
    expect(found, `a mail to ${to} about ${subject}`).toBeDefined();
    const { text } = mail.parse(await change(owner, 'mail.read', { id: found?.id }));
    const address = new URL(/http\S+#token=\S+/.exec(text)?.[0] ?? '');
    link = `${address.pathname}${address.hash}`;
  }).toPass({ timeout: 15_000 });
  return link;
}
