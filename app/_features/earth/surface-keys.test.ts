import { describe, expect, it } from 'vitest';

import { cameraId, streamId } from '#server/contracts/ids.ts';

import type { EarthItem, SurfaceView } from '../../_lib/earth-surface.ts';
import { surfaceKeyAct } from './surface-keys.ts';

const seen: SurfaceView = { latitude: 35, longitude: 139, zoom: 4, bounds: [120, 20, 160, 50] };

function aCamera(number: number, latitude: number, longitude: number): EarthItem {
  const id = `01a205fe-25ab-7255-bef8-${String(number).padStart(12, '0')}`;
  const ids = { id: cameraId.parse(id), streamId: streamId.parse(id) };
  return { type: 'camera', point: { ...ids, latitude, longitude, bearing: null, state: 'live' } };
}
const [tokyo, osaka, far] = [aCamera(1, 35.7, 139.7), aCamera(2, 34.7, 135.5), aCamera(3, 35, 100)] as const;
const press = (key: string, isShift = false) => ({ key, isShift });

describe('a key on the planet', () => {
  it('that is about cameras waits until those of the view are there, and no other does', () => {
    expect(surfaceKeyAct(press('Enter'), { seen, items: null, focused: null })).toEqual({ type: 'wait' });
    expect(surfaceKeyAct(press('ArrowLeft'), { seen, items: null, focused: tokyo })).toEqual({ type: 'wait' });
    expect(surfaceKeyAct(press('ArrowLeft'), { seen, items: null, focused: null })).toMatchObject({ type: 'move' });
    expect(surfaceKeyAct(press('+'), { seen, items: null, focused: null })).toMatchObject({ to: { zoom: 5 } });
  });

  it('takes the camera nearest to the middle, goes to the next one, and opens it', () => {
    const items = [osaka, tokyo];
    expect(surfaceKeyAct(press('Enter'), { seen, items, focused: null })).toMatchObject({ item: tokyo });
    expect(surfaceKeyAct(press('ArrowLeft'), { seen, items, focused: tokyo })).toEqual({
      type: 'focus',
      item: osaka,
      moveTo: null,
    });
    expect(surfaceKeyAct(press('Enter'), { seen, items, focused: osaka })).toEqual({ type: 'select', item: osaka });
  });

  it('follows a camera that stands out of sight', () => {
    expect(surfaceKeyAct(press('ArrowLeft'), { seen, items: [tokyo, far], focused: tokyo })).toMatchObject({
      item: far,
      moveTo: { longitude: 100, zoom: 4 },
    });
  });

  it('looks further where nobody stands in that direction, and never goes nowhere', () => {
    const act = surfaceKeyAct(press('ArrowRight'), { seen, items: [tokyo, osaka], focused: tokyo });
    expect(act).toMatchObject({ type: 'move' });
    expect(act?.type === 'move' && act.to.longitude).toBeGreaterThan(seen.longitude);
  });

  it('is left to others where it means nothing here', () => {
    expect(surfaceKeyAct(press('Escape'), { seen, items: [], focused: null })).toBeNull();
    expect(surfaceKeyAct(press('q'), { seen, items: [], focused: null })).toBeNull();
    expect(surfaceKeyAct(press('Escape'), { seen, items: [], focused: tokyo })).toMatchObject({ item: null });
  });
});
