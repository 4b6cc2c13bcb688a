import { describe, expect, it } from 'vitest';

import { earthAddress, positionOver, readEarthAddress, type EarthAddress } from './earth-address.ts';

const read = (address: string) => readEarthAddress(new URL(address, 'http://house').searchParams);
const ids = ['0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-000000000002'];

describe('the address of Earth', () => {
  it('says camera, time, place, filters, wall and map, and gives the same back', () => {
    const text = `/?camera=${ids[0]}&t=2026-11-22T09:30:00Z&v=35.659,139.7006,9.5&state=live,delayed&kind=hls&in=JP&light=day&demo=off&wall=${ids.join(',')}&show=wall&map=flat`;
    const address = read(text);
    expect(address).toEqual({
      cameraId: ids[0],
      atMs: Date.UTC(2026, 10, 22, 9, 30),
      position: { latitude: 35.659, longitude: 139.7006, zoom: 9.5 },
      filter: { states: ['live', 'delayed'], kinds: ['hls'], country: 'JP', daylight: 'day', demo: false },
      wall: ids,
      isWallShown: true,
      isFlat: true,
    });
    expect(earthAddress(address)).toBe(text);
  });

  it('leaves out what stands at its default', () => {
    const empty: EarthAddress = {
      cameraId: null,
      atMs: null,
      position: null,
      filter: {},
      wall: [],
      isWallShown: false,
      isFlat: false,
    };
    expect(read('/')).toEqual(empty);
    expect(earthAddress(empty)).toBe('/');
  });

  it('takes nothing that it cannot read for a value', () => {
    const address = read('/?camera=1&t=yesterday&v=a,b&state=alive&in=Japan&light=dusk&wall=x,y');
    expect(address).toEqual({
      cameraId: null,
      atMs: null,
      position: null,
      filter: {},
      wall: [],
      isWallShown: false,
      isFlat: false,
    });
    expect(read('/?v=35').position).toBeNull();
    expect(read('/?v=,139').position).toBeNull();
  });

  it('bounds what it reads to the planet, and the wall to nine', () => {
    expect(read('/?v=95,200,40').position).toEqual({ latitude: 90, longitude: -160, zoom: 18 });
    const many = Array.from({ length: 12 }, (_, index) => `0190a000-0000-7000-8000-0000000000${10 + index}`);
    expect(read(`/?wall=${many.join(',')},${many[0]}`).wall).toHaveLength(9);
  });

  it('says from which side one looks, and nothing of it where north is up and the ground straight below', () => {
    const turned = read('/?v=35.66,139.75,9.5,350,45').position;
    expect(turned).toEqual({ latitude: 35.66, longitude: 139.75, zoom: 9.5, heading: -10, tilt: 45 });
    expect(earthAddress({ position: turned })).toBe('/?v=35.66,139.75,9.5,350,45');
    expect(earthAddress({ position: { latitude: 1, longitude: 2, zoom: 3, heading: 90.4, tilt: 0.2 } })).toBe(
      '/?v=1,2,3,90',
    );
    expect(earthAddress({ position: { latitude: 1, longitude: 2, zoom: 5, heading: 0, tilt: 30 } })).toBe(
      '/?v=1,2,5,0,30',
    );
    expect(earthAddress({ position: { latitude: 1, longitude: 2, zoom: 3, heading: -0.3, tilt: 0 } })).toBe(
      '/?v=1,2,3',
    );
    expect(read('/?v=1,2,3,0,0').position).toEqual({ latitude: 1, longitude: 2, zoom: 3 });
    expect(read('/?v=1,2,3,540,99').position).toEqual({ latitude: 1, longitude: 2, zoom: 3, heading: -180, tilt: 85 });
    expect(earthAddress({ position: read('/?v=1,2,3,180').position })).toBe('/?v=1,2,3,180');
    expect(read('/?v=1,2,3,north').position).toBeNull();
    expect(read('/?v=1,2,3,4,5,6').position).toBeNull();
  });

  it('writes positions no finer than they can be seen', () => {
    expect(earthAddress({ position: { latitude: 35.123456789, longitude: 139.987654321, zoom: 2.04 } })).toBe(
      '/?v=35.12,139.99,2',
    );
  });
});

describe('a part of the planet', () => {
  it('is seen whole, across the date line too', () => {
    const fiji = positionOver([177, -19, -178, -16], 800);
    expect(fiji.longitude).toBeCloseTo(179.5);
    expect(fiji.latitude).toBe(-17.5);
    const japan = positionOver([123, 24, 146, 46], 800);
    expect(japan.zoom).toBeGreaterThan(3);
    expect(japan.zoom).toBeLessThan(5);
  });
});
