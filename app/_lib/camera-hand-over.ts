import type { CameraKind } from '#server/contracts/camera.ts';

/** What one page found out about a camera that another is to add. */
export interface FoundCamera {
  kind: CameraKind;
  address: string;
  user: string;
  password: string;
  name?: string;
}

let pending: FoundCamera | null = null;

/** Kept in the memory of this tab alone, for it may hold a password: neither address nor storage of the browser sees it. */
export function handOverCamera(camera: FoundCamera): void {
  pending = camera;
}

/** Given once. */
export function takeHandedCamera(): FoundCamera | null {
  const camera = pending;
  pending = null;
  return camera;
}
