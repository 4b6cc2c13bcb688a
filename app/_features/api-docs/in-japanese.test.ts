import { expect, test } from 'vitest';

import openapi from '../../../docs/api/openapi.json' with { type: 'json' };
import { inJapanese } from './in-japanese.ts';
import { readDocument } from './read-document.ts';

const english = readDocument(openapi);
const japanese = inJapanese(english);
const hasJapanese = (text: string) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
const operationsOf = ({ tags }: typeof english) => tags.flatMap(({ operations }) => operations);

test('every operation has its summary in Japanese, and a description where the English one says more than who may', () => {
  const all = operationsOf(japanese);
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ summary }) => !hasJapanese(summary)).map(({ id }) => id)).toEqual([]);
  const described = operationsOf(english).filter(({ description }) => description.includes('\n\n'));
  const left = described.filter(({ id }) => !hasJapanese(all.find((one) => one.id === id)?.description ?? ''));
  expect(left.map(({ id }) => id)).toEqual([]);
});

test('introduction, parts, errors and shared parameters are Japanese too, and what is written in code stays', () => {
  expect(hasJapanese(japanese.introduction)).toBe(true);
  expect(japanese.tags.filter(({ description }) => !hasJapanese(description)).map(({ name }) => name)).toEqual([]);
  const errors = operationsOf(japanese).flatMap((operation) => operation.errors);
  expect(errors.filter(({ description }) => !hasJapanese(description)).map(({ code }) => code)).toEqual([]);
  const described = operationsOf(japanese).flatMap(({ parameters }) => parameters.filter((one) => one.description));
  expect(described.filter(({ description }) => !hasJapanese(description)).map(({ name }) => name)).toEqual([]);
  const coded = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).toSorted();
  expect(coded(japanese.introduction)).toEqual(coded(english.introduction));
});
