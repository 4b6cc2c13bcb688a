'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';

import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';

/** The token of a pasted link, or of the bare word. */
function tokenOf(text: string): string | null {
  const token = /[?&]token=([\w-]{20,200})/.exec(text)?.[1] ?? /^\s*([\w-]{20,200})\s*$/.exec(text)?.[1];
  return token ?? null;
}

/** Nobody is signed in: the one-time link makes the owner, or the owner signs in. */
export function OwnerStep({ ownerMissing }: { ownerMissing: boolean }) {
  const t = useTranslations();
  const router = useRouter();
  const [link, setLink] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const open = (event: FormEvent) => {
    event.preventDefault();
    const token = tokenOf(link);
    if (token === null) setIsWrong(true);
    else router.push(`/claim?token=${encodeURIComponent(token)}`);
  };
  return (
    <section className="max-w-md pt-6">
      <h1 className="pb-2 text-28 font-semibold">{t(ownerMissing ? 'welcome.linkTitle' : 'welcome.signInTitle')}</h1>
      <p className="pb-5 text-quiet">{t(ownerMissing ? 'welcome.linkText' : 'welcome.signInText')}</p>
      {ownerMissing ? (
        <form onSubmit={open} className="grid gap-4">
          <Field label={t('welcome.linkField')} error={isWrong ? t('welcome.linkError') : undefined}>
            {(control) => (
              <TextInput
                {...control}
                autoComplete="off"
                inputMode="url"
                className="max-md:h-11"
                value={link}
                onChange={(event) => {
                  setLink(event.target.value);
                  setIsWrong(false);
                }}
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button type="submit" tone="signal" size="large">
              {t('welcome.linkOpen')}
            </Button>
            <Button asChild tone="plain" size="large">
              <Link href="/">{t('welcome.skip')}</Link>
            </Button>
          </div>
        </form>
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button asChild tone="signal" size="large">
            <Link href="/login?next=/welcome">{t('auth.signIn')}</Link>
          </Button>
          <Button asChild tone="plain" size="large">
            <Link href="/">{t('welcome.skip')}</Link>
          </Button>
        </div>
      )}
    </section>
  );
}
