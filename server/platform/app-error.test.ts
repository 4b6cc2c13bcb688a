import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { errorBody } from '#server/contracts/error-code.ts';

import { AppError, toErrorBody } from './app-error.ts';
import { toAppError } from './trpc.ts';

test('a fault of ours shows a reference and nothing of what went wrong', () => {
  const body = toErrorBody(new AppError('INTERNAL', { message: 'table users is gone', details: { sql: 'SELECT' } }), {
    reference: 'r1',
  });
  expect(errorBody.parse(body)).toMatchObject({ error: { code: 'INTERNAL', details: { reference: 'r1' } } });
  expect(JSON.stringify(body)).not.toMatch(/users|SELECT/);
});

test('a refusal says what it is about', () => {
  const body = toErrorBody(new AppError('NOT_FOUND', { message: 'no camera 7', details: { field: 'id' } }), {
    reference: 'r1',
  });
  expect(body.error).toMatchObject({ code: 'NOT_FOUND', message: 'no camera 7', details: { field: 'id' } });
});

test('whatever a procedure throws becomes a word of the house', () => {
  const known = new AppError('CONFLICT', { message: 'taken' });
  const { error: zodError } = z.object({ name: z.string() }).safeParse({});
  expect(toAppError(known)).toBe(known);
  expect(toAppError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: known }))).toBe(known);
  expect(toAppError(new TRPCError({ code: 'BAD_REQUEST', cause: zodError }))).toMatchObject({
    code: 'BAD_REQUEST',
    details: { fields: [{ path: 'name' }] },
  });
  expect(toAppError(new TRPCError({ code: 'METHOD_NOT_SUPPORTED' }))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(toAppError(new TypeError('x is undefined'))).toMatchObject({ code: 'INTERNAL' });
});
