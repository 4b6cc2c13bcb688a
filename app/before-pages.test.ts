import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

describe('what runs before any page', () => {
  it('keeps zod from making code of text, without loading zod', async () => {
    vi.stubGlobal('document', { querySelector: () => ({ nonce: 'of this page' }) });
    vi.stubGlobal('window', { location: { pathname: '/status', search: '' } });
    await import('../instrumentation-client.ts');
    const { config } = await import('zod/v4/core');
    expect(config()).toMatchObject({ jitless: true });
    expect(Reflect.get(globalThis, '__webpack_nonce__')).toBe('of this page');
  });
});
