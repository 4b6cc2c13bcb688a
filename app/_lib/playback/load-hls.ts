/** Without what only some playlists need, hls.js is a third smaller; sound apart from the picture is such a thing. */
export const loadHls = (hasSoundApart: boolean) => (hasSoundApart ? import('hls.js') : import('hls.js/light'));

const cameraPage = /^\/cameras\/[\da-f-]{36}$/;

/** On the page of a camera, the player comes while the page still begins. What fails here is asked for again when it plays. */
export function beginPlayer(path: string): void {
  if (cameraPage.test(path)) loadHls(false).catch(() => undefined);
}
