'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { codeOf } from '../../_lib/error-message.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { EntranceLoading } from './entrance-loading.tsx';
import { Entrance } from './entrance.tsx';
import { useLinkToken } from './use-link-token.ts';

interface LinkPageProps {
  title: string;
  text: string;
  /** What the one button does. */
  action: string;
  work: {
    mutate: (input: { token: string }) => void;
    isPending: boolean;
    isSuccess: boolean;
    error: unknown;
  };
  done: ReactNode;
  /** Below the words of a link whose time is over. */
  over: ReactNode;
}

/** A link in a mail leads here. It is used up by a button and not by opening the page: programs that look through mail open links as well. */
export function LinkPage({ title, text, action, work, done, over }: LinkPageProps) {
  const t = useTranslations('auth');
  const sentence = useFaultSentence();
  const token = useLinkToken();
  if (token === null) return <EntranceLoading title={title} />;
  if (work.isSuccess) return done;
  const code = work.error ? codeOf(work.error) : null;
  if (token.length < 20 || code === 'GONE' || code === 'BAD_REQUEST')
    return (
      <Entrance title={title}>
        <div role="alert" className="pb-5">
          <Note tone="error" title={t(token === '' ? 'linkNone' : 'linkOverTitle')}>
            {t(token === '' ? 'linkNoneText' : 'linkOverText')}
          </Note>
        </div>
        {over}
      </Entrance>
    );
  return (
    <Entrance title={title} text={text}>
      <div role="alert" className="pb-4 empty:hidden">
        {work.error ? <Note tone="error" title={sentence.ofError(work.error)} /> : null}
      </div>
      <Button
        tone="signal"
        size="large"
        className="w-full"
        disabled={work.isPending}
        onClick={() => work.mutate({ token })}
      >
        {work.isPending ? t('working') : action}
      </Button>
    </Entrance>
  );
}
