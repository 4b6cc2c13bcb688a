type Found =
  | { type: 'place'; place: { latitude: number; longitude: number } }
  | { type: 'refused' | 'unavailable' | 'unsupported' | 'insecure' };

const deadlineMs = 10_000;

/** Where this browser is, if its owner lets us ask; a rough answer is enough and is not kept. */
export function whereAmI(): Promise<Found> {
  if (!window.isSecureContext) return Promise.resolve({ type: 'insecure' });
  if (!('geolocation' in navigator)) return Promise.resolve({ type: 'unsupported' });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ type: 'place', place: { latitude, longitude } }),
      ({ code, PERMISSION_DENIED }) => resolve({ type: code === PERMISSION_DENIED ? 'refused' : 'unavailable' }),
      { enableHighAccuracy: false, maximumAge: 600_000, timeout: deadlineMs },
    );
  });
}
