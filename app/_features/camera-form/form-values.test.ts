import { describe, expect, it } from 'vitest';

import { doctorInputOf, emptyForm, formSchema, sealedAddress } from './form-values.ts';

const filled = { ...emptyForm, address: 'rtsp://192.0.2.7/live', name: 'Gate', latitude: '35.6', longitude: '139.7' };

const faultsOf = (values: object, isStored = false): Record<string, string> => {
  const parsed = formSchema(isStored).safeParse({ ...filled, ...values });
  return Object.fromEntries((parsed.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]));
};

describe('the camera form', () => {
  it('makes a camera of its fields, in the units of the contract', () => {
    const input = formSchema(false).parse({ ...filled, days: '2', gigabytes: '1', bearing: '' });
    expect(input.recordPolicy).toEqual({ mode: 'always', maxAgeSeconds: 172_800, maxBytes: 1024 ** 3 });
    expect(input.bearing).toBeNull();
    expect(input.options).toEqual({ transport: 'auto' });
  });

  it('writes a user and password so that no sign in them is taken for the address’s own', () => {
    expect(sealedAddress({ ...filled, user: 'a@b', password: 'p:/?' })).toBe('rtsp://a%40b:p%3A%2F%3F@192.0.2.7/live');
  });

  it('says which field must be mended, and how', () => {
    expect(faultsOf({ name: ' ', latitude: '91', longitude: 'x' })).toEqual({
      name: 'required',
      latitude: 'range:-90:90',
      longitude: 'number',
    });
    expect(faultsOf({ address: 'http://host/' })).toEqual({ address: 'scheme:rtsp://, rtsps://' });
    expect(faultsOf({ attributionUrl: 'example.org' })).toEqual({ attributionUrl: 'url' });
  });

  it('keeps the stored address when the field is empty, unless new credentials need it', () => {
    expect(faultsOf({ address: '' }, true)).toEqual({});
    expect(faultsOf({ address: '', user: 'new' }, true)).toEqual({ address: 'required' });
    expect(formSchema(true).parse({ ...filled, address: '' })).not.toHaveProperty('address');
  });

  it('keeps the still picture of a playlist and what is painted over', () => {
    const door: [number, number][] = [
      [0, 0],
      [0.5, 0],
      [0.5, 0.5],
    ];
    const values = { ...filled, kind: 'hls', address: 'https://h/a.m3u8', stillUrl: 'https://h/a.jpg', masks: [door] };
    expect(formSchema(true).parse(values)).toMatchObject({ options: { stillUrl: 'https://h/a.jpg' }, masks: [door] });
    expect(faultsOf({ kind: 'hls', address: 'https://h/a.m3u8', stillUrl: 'h/a.jpg' })).toEqual({ stillUrl: 'url' });
  });

  it('keeps when smaller pictures are made', () => {
    expect(formSchema(false).parse(filled).ladder).toBe('onDemand');
    expect(formSchema(true).parse({ ...filled, ladder: 'always' }).ladder).toBe('always');
  });

  it('asks the doctor for what the kind uses alone', () => {
    const input = doctorInputOf({ ...emptyForm, kind: 'snapshot', address: 'https://h/p.jpg', interval: '5' }, null);
    expect(input).toEqual({ kind: 'snapshot', address: 'https://h/p.jpg', options: { intervalSeconds: 5 } });
  });
});
