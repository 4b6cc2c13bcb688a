import { expect, test } from 'vitest';
import { z } from 'zod';

import { inputFaults } from './input-faults.ts';

const schema = z.strictObject({
  name: z.string(),
  policies: z.array(z.strictObject({ mode: z.literal('off') })).optional(),
});

const faultsOf = (input: unknown) => inputFaults(schema.safeParse(input).error ?? new z.ZodError([]));

test('a field that nothing reads is named by its whole path, beside the fields that are wrong', () => {
  expect(faultsOf({ name: 1, policies: [{ mode: 'off' }, { mode: 'off', age: 1 }], colour: 'red', size: 2 })).toEqual([
    { path: 'name', message: 'Invalid input: expected string, received number' },
    { path: 'policies.1.age', message: 'there is no such field' },
    { path: 'colour', message: 'there is no such field' },
    { path: 'size', message: 'there is no such field' },
  ]);
});

test('a body of nothing but unknown fields does not come back whole', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, place) => [`${'x'.repeat(1000)}${place}`, 1]));
  const faults = faultsOf({ name: 'a', ...many });
  expect(faults).toHaveLength(100);
  expect(JSON.stringify(faults).length).toBeLessThan(30_000);
});
