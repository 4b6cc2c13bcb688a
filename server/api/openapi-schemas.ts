import type { z } from 'zod';

import {
  cameraDetail,
  cameraForOwner,
  cameraInput,
  cameraPage,
  cameraState,
  cameraView,
  initialView,
  recordPolicy,
  sourceOptions,
} from '#server/contracts/camera.ts';
import { discoveryAnswer } from '#server/contracts/discovery.ts';
import { doctorReport } from '#server/contracts/doctor.ts';
import { earthCluster, earthFind, earthPoint, earthView, nearbyCamera, placeLabel } from '#server/contracts/earth.ts';
import { errorBody } from '#server/contracts/error-code.ts';
import { feedView, importPreview, importRun, rejectedRow } from '#server/contracts/feeds.ts';
import { me } from '#server/contracts/identity.ts';
import { mediaState } from '#server/contracts/media-state.ts';
import { pictureRegions } from '#server/contracts/picture-region.ts';
import { removalReceipt, removalRequest, removalStatus } from '#server/contracts/removal.ts';
import { health, systemStatus } from '#server/contracts/system-status.ts';
import { playbackToken, tokenAnswer, wsTicket } from '#server/contracts/tokens.ts';
import { welcomeState } from '#server/contracts/welcome.ts';

/** Contracts that get a name in the document; generated clients have types by these names. */
export const namedSchemas = {
  ErrorBody: errorBody,
  CameraState: cameraState,
  InitialView: initialView,
  RecordPolicy: recordPolicy,
  SourceOptions: sourceOptions,
  PictureRegions: pictureRegions,
  CameraInput: cameraInput,
  Camera: cameraView,
  CameraForOwner: cameraForOwner,
  CameraDetail: cameraDetail,
  CameraPage: cameraPage,
  MediaState: mediaState,
  DoctorReport: doctorReport,
  DiscoveryAnswer: discoveryAnswer,
  EarthView: earthView,
  EarthPoint: earthPoint,
  EarthCluster: earthCluster,
  EarthFind: earthFind,
  NearbyCamera: nearbyCamera,
  PlaceLabel: placeLabel,
  Feed: feedView,
  ImportRun: importRun,
  ImportPreview: importPreview,
  RejectedRow: rejectedRow,
  RemovalReceipt: removalReceipt,
  RemovalStatus: removalStatus,
  RemovalRequest: removalRequest,
  Me: me,
  Health: health,
  SystemStatus: systemStatus,
  TokenAnswer: tokenAnswer,
  WebSocketTicket: wsTicket,
  PlaybackToken: playbackToken,
  WelcomeState: welcomeState,
} satisfies Record<string, z.ZodType>;
