/** The closed lists of words about cameras by themselves: a page that only names them loads no schema. */
export const cameraKinds = ['rtsp', 'hls', 'mpegts', 'srt', 'file', 'snapshot', 'mjpeg', 'synthetic'] as const;
export type CameraKind = (typeof cameraKinds)[number];

/**
 * Measured, never claimed (rules in docs/design: LIVE rules).
 * `live` newest frame ≤ 3 s old and moving · `delayed` older but arriving · `still` frames arrive and nothing changes, or black for 30 s ·
 * `offline` nothing for 10 s · `demo` a loop or drawn source · `unchecked` listed, not looked at yet · `error` a typed reason.
 */
export const cameraStates = ['live', 'delayed', 'still', 'offline', 'unchecked', 'demo', 'error'] as const;
export type CameraState = (typeof cameraStates)[number];

/** Rungs of the ladder: variant streams (RFC 8216) below the source, by the shorter side of their picture; largest first. */
export const rungNames = ['1080', '720', '480'] as const;
export type RungName = (typeof rungNames)[number];
