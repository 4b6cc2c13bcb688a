'use client';

import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';

import type { ObjectName } from '#server/contracts/access.ts';
import type { ObjectReference } from '#server/contracts/identity.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { pageOfObject } from './object-page.ts';

/** As many as one question takes. */
const askedMax = 100;

const typeWords = [
  'camera',
  'delivery',
  'feed',
  'importRun',
  'invitation',
  'key',
  'limit',
  'mail',
  'passkey',
  'removal',
  'role',
  'setting',
  'signInLock',
  'tokenFamily',
  'user',
  'webhook',
] as const;

type NameOf = (object: ObjectReference) => ObjectName | null;
const keyOf = ({ type, id }: ObjectReference) => `${type} ${id}`;

/** What the things are called that some entries are about; null for what is gone, or has no name. */
export function useObjectNames(objects: readonly (ObjectReference | null)[]): NameOf {
  const trpc = useTRPC();
  const { may } = useMay();
  const named = objects.filter((one) => one !== null && pageOfObject({ ...one, search: null }) !== null);
  const asked = [...new Map(named.flatMap((one) => (one ? [[keyOf(one), one] as const] : []))).values()];
  const parts = Array.from({ length: Math.ceil(asked.length / askedMax) }, (_, at) =>
    asked.slice(at * askedMax, (at + 1) * askedMax),
  );
  const answers = useQueries({
    queries: parts.map((part) =>
      trpc.objects.names.queryOptions(
        { objects: part },
        { enabled: may('audit:view'), staleTime: 60_000, placeholderData: keepPreviousData },
      ),
    ),
  });
  const names = new Map(answers.flatMap(({ data }) => data ?? []).map((one) => [keyOf(one), one]));
  return (object) => names.get(keyOf(object)) ?? null;
}

/** `camera`, in the reader's words. */
export function useTypeWord(): (type: string) => string {
  const t = useTranslations('admin.objectType');
  return (type) => {
    const word = typeWords.find((one) => one === type);
    return word ? t(word) : type;
  };
}

/** A thing that an entry is about: its name and the way to it, or its id where it is gone. */
export function AuditObject({
  object,
  name,
  isLink = true,
}: {
  object: ObjectReference;
  name: ObjectName | null;
  isLink?: boolean;
}) {
  const locale = useLocale();
  const typeWord = useTypeWord();
  const page = name && isLink ? pageOfObject(name) : null;
  const text = name ? localName(name, locale) : object.id;
  return (
    <>
      {typeWord(object.type)}{' '}
      {page === null ? (
        text
      ) : (
        <Link className="text-text underline" href={page}>
          {text}
        </Link>
      )}
    </>
  );
}
