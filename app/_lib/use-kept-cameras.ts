'use client';

import { useSyncExternalStore } from 'react';

import { keptCameras, noKeptCameras, onKeptCameras, type KeptCameras } from './kept-cameras.ts';

/** Recent and starred cameras of this browser; empty until the page runs in it. */
export const useKeptCameras = (): KeptCameras => useSyncExternalStore(onKeptCameras, keptCameras, noKeptCameras);
